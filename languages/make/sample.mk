# What must be done before what? Make finds an order by itself: that is what it is made for.
.PHONY: tea boil fill kettle cup leaves shelf

tea: boil leaves
	@echo "Pour, wait for $(minutes) minutes, drink."

boil: fill
	@echo "Boil the water."

fill: kettle
	@echo "Fill the kettle."

leaves: cup shelf
	@echo "Put $(words $(spoons)) spoons of tea into the cup."

kettle cup shelf:
	@echo "Look for the $@."

spoons := one two
minutes := $(shell expr 2 + $(words $(spoons)))
