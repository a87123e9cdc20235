var
  Zero: Integer;
begin
  Zero := 0;
  WriteLn(1 div Zero);
end.
