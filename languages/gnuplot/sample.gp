# A wave that fades, drawn in letters.
set print "-"
set terminal dumb size 72, 20
set output "wave.txt"
set title "exp(-x/4) * cos(2x)"
unset key
plot [0:12] exp(-x / 4) * cos(2 * x)
unset output
print system("cat wave.txt")

# The zeros of a function, found by Newton's steps.
f(x) = x**3 - 2 * x - 5
df(x) = 3 * x**2 - 2
x = 2.0
do for [i = 1:5] {
    x = x - f(x) / df(x)
    print sprintf("step %d: %.10f", i, x)
}
