256 constant longest
create line  longest 2 + allot

: echo-all
  begin
    line longest stdin read-line throw
  while
    line swap type cr
  repeat drop ;

echo-all
