with Ada.Text_IO; use Ada.Text_IO;

--  A traffic light: types know their values, and a case must name them all.
procedure Main is
   type Light is (Red, Red_And_Yellow, Green, Yellow);
   subtype Seconds is Positive range 1 .. 60;

   Lasts : constant array (Light) of Seconds := (Red => 20, Red_And_Yellow => 2, Green => 15, Yellow => 3);
   Clock : Natural := 0;

   function Cars_May (L : Light) return String is
     (case L is
         when Red | Red_And_Yellow => "stand",
         when Green                => "drive",
         when Yellow               => "stop");
begin
   for Round in 1 .. 2 loop
      for L in Light loop
         Put_Line (Clock'Image & " s:  " & L'Image & " - cars " & Cars_May (L));
         Clock := Clock + Lasts (L);
      end loop;
   end loop;
end Main;
