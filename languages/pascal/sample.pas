program Triangle;

{ Pascal's triangle, of course: each number is the sum of the two above it. }
const
  Rows = 10;
var
  Line: array[0..Rows] of Integer;
  Row, I: Integer;
begin
  FillChar(Line, SizeOf(Line), 0);
  Line[0] := 1;
  for Row := 0 to Rows - 1 do
  begin
    Write('': 3 * (Rows - Row) - 2);
    for I := 0 to Row do
      Write(Line[I]: 6);
    WriteLn;
    for I := Row + 1 downto 1 do
      Line[I] := Line[I] + Line[I - 1];
  end;
end.
