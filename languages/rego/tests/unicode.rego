package main

greeting := "Grüße, 世界 🌍"
