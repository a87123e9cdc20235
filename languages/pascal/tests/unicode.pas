begin
  WriteLn('Grüße, 世界 🌍');
end.
