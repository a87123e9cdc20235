def main : []u8 = "Grüße, 世界 🌍"
