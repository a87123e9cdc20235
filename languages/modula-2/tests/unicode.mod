MODULE unicode;

FROM STextIO IMPORT WriteString, WriteLn;

BEGIN
  WriteString ("Grüße, 世界 🌍"); WriteLn
END unicode.
