Eight rows of stars and each is two stars longer than the one above it

Cell 0 counts the rows  cell 1 is the length of a row  cell 2 its working copy
Cell 3 is the star  cell 4 the line feed  cell 5 a helper

>>>++++++[>+++++++<-]>            six times seven is the star in cell 4
>++++++++++                       the line feed in cell 5
<<<<<++++++++                     eight rows in cell 0
[
  >++                             a row is two stars longer than the last
  [>+>+<<-]                       copy its length to cells 2 and 3
  >[<+>-]                         and back
  >[>.<-]                         print so many stars
  >>.<<<<<                        end the line
  -
]
