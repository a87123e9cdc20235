-- How many of a million points fall into the circle? An estimate of pi from parallel maps and one reduction.
def next (x: u64) : u64 = (x * 6364136223846793005 + 1442695040888963407)

def scramble (x: u64) : u64 =
  let a = (x ^ (x >> 33)) * 0xff51afd7ed558ccd
  in a ^ (a >> 33)

def unit (x: u64) : f64 = f64.u64 (scramble (next x) >> 11) / 9007199254740992

def inside (i: i64) : i64 =
  let x = unit (u64.i64 (2 * i))
  let y = unit (u64.i64 (2 * i + 1))
  in i64.bool (x * x + y * y < 1)

entry main : (i64, f64) =
  let n = 1000000
  let hits = reduce (+) 0 (map inside (iota n))
  in (hits, 4 * f64.i64 hits / f64.i64 n)
