var
  Line: string;
begin
  while not Eof do
  begin
    ReadLn(Line);
    WriteLn('you said: ', Line);
  end;
end.
