HAI 1.2
I HAS A nothing
I HAS A line
IM IN YR loop
  GIMMEH line
  BOTH SAEM line AN nothing
  O RLY?
    YA RLY
      GTFO
  OIC
  VISIBLE line
IM OUTTA YR loop
KTHXBYE
