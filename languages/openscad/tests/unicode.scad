echo(str("Grüße, ", "世界 🌍"));
