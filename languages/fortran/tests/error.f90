program error
   integer :: a(3), i
   i = 4
   read (*, *, end=1) i
1  a(i) = 1
   print *, a
end program
