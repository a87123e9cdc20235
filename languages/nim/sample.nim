# Rule 90: each cell of the next row is the exclusive or of its neighbours above.
import std/[sequtils, strutils]

type Row = seq[bool]

func next(row: Row): Row =
  let n = row.len
  for i in 0 ..< n:
    result.add row[(i + n - 1) mod n] xor row[(i + 1) mod n]

iterator rows(width, count: int): Row =
  var row = newSeq[bool](width)
  row[width div 2] = true
  for _ in 1 .. count:
    yield row
    row = row.next

for row in rows(63, 24):
  echo row.mapIt(if it: "▲" else: " ").join.strip(leading = false)
