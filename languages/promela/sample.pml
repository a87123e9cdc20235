/* A baker and three guests, who share nothing but a hatch for two loaves. */
chan hatch = [2] of { byte };
byte eaten = 0;

active proctype Baker() {
  byte loaf = 1;
  do
  :: loaf <= 6 ->
     hatch ! loaf;
     printf("baker: loaf %d is in the hatch\n", loaf);
     loaf++
  :: else -> break
  od
}

active [3] proctype Guest() {
  byte loaf;
  do
  :: hatch ? loaf ->
     atomic { eaten++; printf("guest %d: eats loaf %d\n", _pid, loaf) }
  :: eaten == 6 -> break
  od;
  assert(empty(hatch))
}
