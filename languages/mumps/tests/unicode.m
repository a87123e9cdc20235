main ;
 write "Grüße, 世界 🌍",!
 quit
