import std.algorithm, std.conv, std.range, std.stdio;

// Perfect numbers are the sum of their divisors. The table is made while the program is compiled.
int[] divisors(int n)
{
    return iota(1, n / 2 + 1).filter!(d => n % d == 0).array;
}

enum perfect = iota(2, 500).filter!(n => n.divisors.sum == n).array;

void main()
{
    foreach (n; perfect)
        writefln("%3d = %s", n, n.divisors.map!(to!string).joiner(" + "));

    auto collatz = recurrence!((a, n) => a[n - 1] % 2 ? 3 * a[n - 1] + 1 : a[n - 1] / 2)(17);
    writeln("From 17 down: ", collatz.until(1).map!(to!string).joiner(" → "), " → 1");
}
