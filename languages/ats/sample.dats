// The type of fact says that its result is the factorial: the program is its own proof.
#include "share/atspre_staload.hats"

dataprop FACT (int, int) =
  | FACTzero (0, 1)
  | {n: pos} {r1, r: int} FACTmore (n, r) of (FACT (n - 1, r1), MUL (n, r1, r))

fun fact {n: nat} .<n>. (n: int n): [r: int] (FACT (n, r) | int r) =
  if n > 0 then let
    val (pf1 | r1) = fact (n - 1)
    val (pfmul | r) = g1int_mul2 (n, r1)
  in
    (FACTmore (pf1, pfmul) | r)
  end else (FACTzero () | 1)

fun table {n: nat} (n: int n): void =
  if n > 0 then let
    val () = table (n - 1)
    val (_ | r) = fact (n)
  in
    println! (n, "! = ", r)
  end

implement main0 () = table (10)
