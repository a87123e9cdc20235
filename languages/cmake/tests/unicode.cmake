message("Grüße, 世界 🌍")
