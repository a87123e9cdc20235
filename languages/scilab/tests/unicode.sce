mprintf("Grüße, 世界 🌍\n")
