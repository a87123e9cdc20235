chout <= "Hello, world!" <= IO.newline();
