HAI 1.2
OBTW
  The Collatz walk: halve what is even, and make of what is odd three times as much and one.
  Nobody knows whether it comes to 1 from everywhere.
TLDR
I HAS A number ITS 27
I HAS A steps ITS 0
I HAS A highest ITS 27
IM IN YR walk UPPIN YR steps TIL BOTH SAEM number AN 1
  MOD OF number AN 2
  O RLY?
    YA RLY
      number R SUM OF PRODUKT OF number AN 3 AN 1
    NO WAI
      number R QUOSHUNT OF number AN 2
  OIC
  highest R BIGGR OF highest AN number
IM OUTTA YR walk
VISIBLE SMOOSH "27 NEEDZ " AN steps AN " STEPS" MKAY
VISIBLE SMOOSH "ITZ HIGHEST POINT: " AN highest MKAY
KTHXBYE
