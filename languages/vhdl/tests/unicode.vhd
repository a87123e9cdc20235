use std.textio.all;

entity main is
end entity;

-- Literals hold Latin-1 and nothing more, so UTF-8 is put together from bytes.
architecture program of main is
  type bytes is array (natural range <>) of natural range 0 to 255;
  constant text : bytes := (
    16#47#, 16#72#, 16#C3#, 16#BC#, 16#C3#, 16#9F#, 16#65#, 16#2C#, 16#20#, 16#E4#, 16#B8#, 16#96#,
    16#E7#, 16#95#, 16#8C#, 16#20#, 16#F0#, 16#9F#, 16#8C#, 16#8D#, 16#0A#);
begin
  process
  begin
    for i in text'range loop
      write(output, (1 => character'val(text(i))));
    end loop;
    wait;
  end process;
end architecture;
