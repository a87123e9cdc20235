writeInfoLine: "Grüße, 世界 🌍"
