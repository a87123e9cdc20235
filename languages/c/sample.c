#include <stdio.h>

/* The Mandelbrot set, drawn with letters. */
int main(void) {
    const char *shade = " .:-=+*#%@";
    for (double y = -1.2; y <= 1.2; y += 0.1) {
        for (double x = -2.1; x <= 0.7; x += 0.04) {
            double a = 0, b = 0;
            int n = 0;
            while (a * a + b * b < 4 && n < 90) {
                double t = a * a - b * b + x;
                b = 2 * a * b + y;
                a = t;
                n++;
            }
            putchar(shade[n / 10]);
        }
        putchar('\n');
    }
}
