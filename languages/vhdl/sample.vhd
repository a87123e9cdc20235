-- A counter in Gray code: from one number to the next a single bit changes.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity main is
end entity;

architecture simulation of main is
  signal count, gray : unsigned(3 downto 0) := (others => '0');
begin
  gray <= count xor shift_right(count, 1);

  process
    variable text_line : line;
  begin
    for step in 0 to 15 loop
      wait for 10 ns;
      write(text_line, now, right, 8);
      write(text_line, string'("   "));
      write(text_line, count);
      write(text_line, string'("  "));
      write(text_line, gray);
      writeline(output, text_line);
      count <= count + 1;
    end loop;
    wait;
  end process;
end architecture;
