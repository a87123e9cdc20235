all:
	@echo "Grüße, 世界 🌍"
