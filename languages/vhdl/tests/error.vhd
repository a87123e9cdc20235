entity main is
end entity;

architecture program of main is
begin
  process
  begin
    report "on purpose" severity failure;
  end process;
end architecture;
