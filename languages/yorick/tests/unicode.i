write, format="%s\n", "Grüße, 世界 🌍";
