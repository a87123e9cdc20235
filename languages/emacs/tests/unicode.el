(princ "Grüße, 世界 🌍\n")
