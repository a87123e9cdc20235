program echo
   character(len=200) :: line
   integer :: status
   do
      read (*, "(a)", iostat=status) line
      if (status /= 0) exit
      print "(2a)", "you said: ", trim(line)
   end do
end program
