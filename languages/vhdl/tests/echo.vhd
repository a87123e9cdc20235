use std.textio.all;

entity main is
end entity;

architecture program of main is
begin
  process
    variable text_line : line;
  begin
    while not endfile(input) loop
      readline(input, text_line);
      writeline(output, text_line);
    end loop;
    wait;
  end process;
end architecture;
