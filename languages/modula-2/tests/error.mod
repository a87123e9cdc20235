MODULE error;

FROM SWholeIO IMPORT WriteCard;

VAR
  table: ARRAY [1..3] OF CARDINAL;
  i: CARDINAL;

BEGIN
  FOR i := 1 TO 4 DO
    table[i] := i;
    WriteCard (table[i], 3)
  END
END error.
