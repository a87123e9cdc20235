Print("Grüße, 世界 🌍\n");
