ECHO 'Grüße, 世界 🌍'.
