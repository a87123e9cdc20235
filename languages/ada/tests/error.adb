procedure Main is
   Count : Positive := 1;
begin
   Count := Count - 1;
   pragma Assert (Count > 0);
end Main;
