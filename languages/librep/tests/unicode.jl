(write standard-output "Grüße, 世界 🌍\n")
