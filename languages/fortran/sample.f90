! Heat moves along a rod: whole arrays are computed at once, without a loop over the points.
program heat
   implicit none
   character(len=*), parameter :: shades = " .:-=+*#%@"
   real :: t(60)
   integer :: step, i

   t = 0
   t(28:32) = 9
   do step = 0, 300
      if (mod(step, 30) == 0) print "(i4, 2x, 60a1)", step, (shade(t(i)), i=1, size(t))
      t(2:59) = t(2:59) + 0.4*(t(1:58) - 2*t(2:59) + t(3:60))
   end do

contains

   character function shade(x)
      real, intent(in) :: x
      integer :: k
      k = min(10, 1 + nint(x*2))
      shade = shades(k:k)
   end function

end program
