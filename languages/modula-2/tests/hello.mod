MODULE hello;

FROM STextIO IMPORT WriteString, WriteLn;

BEGIN
  WriteString ("Hello, world!"); WriteLn
END hello.
