all:
	@echo "Hello, world!"
