log("Grüße, 世界 🌍");
