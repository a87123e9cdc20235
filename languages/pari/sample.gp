\\ Continued fractions: how good an approximation is depends on where you stop.
convergents(x, n) =
{
  my(c = contfrac(x), m);
  vector(n, k, m = contfracpnqn(c[1..k]); m[1, 1] / m[2, 1]);
}

{
  foreach([["pi", Pi], ["e", exp(1)], ["golden ratio", (1 + sqrt(5)) / 2]], p,
    print(p[1], " = ", contfrac(p[2])[1..10]);
    foreach(convergents(p[2], 5), q,
      printf("  %-8s is off by %.7f\n", Str(q), abs(q - p[2]))));
}

print("2^67 - 1 is not a prime: ", factor(2^67 - 1)~);
