let name = "世界"; in "Grüße, ${name} 🌍\n"
