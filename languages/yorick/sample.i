/* The Mandelbrot set without a loop over its points: all of them are one array of complex numbers. */
nx = 64;
ny = 21;
x = span(-2.1, 0.7, nx)(, -:1:ny);
y = span(-1.15, 1.15, ny)(-:1:nx, );
c = x + 1i * y;
z = 0 * c;
age = array(0, nx, ny);
for (step = 1; step <= 40; step++) {
  inside = (abs(z) < 2);
  z = inside * (z * z + c) + (1 - inside) * 3;
  age += inside;
}
shades = [" ", ".", ":", "-", "=", "+", "*", "#", "@"];
for (row = 1; row <= ny; row++) {
  line = shades(min(1 + age(, row) / 5, 9));
  write, format="%s\n", sum(line);
}
write, format="%d of %d points stay for good\n", sum(age == 40), nx * ny;
