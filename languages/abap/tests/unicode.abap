REPORT main.
WRITE / `Grüße, 世界 🌍`.
