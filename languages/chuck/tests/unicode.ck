chout <= "Grüße, 世界 🌍" <= IO.newline();
