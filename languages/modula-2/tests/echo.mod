MODULE echo;

FROM STextIO IMPORT ReadString, SkipLine, WriteString, WriteLn;
FROM SIOResult IMPORT ReadResult, ReadResults;

VAR
  line: ARRAY [0..255] OF CHAR;

BEGIN
  ReadString (line);
  WHILE ReadResult () # endOfInput DO
    WriteString ("you said: "); WriteString (line); WriteLn;
    SkipLine;
    ReadString (line)
  END
END echo.
