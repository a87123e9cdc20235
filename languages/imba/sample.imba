# A small zoo: classes, properties and loops that are expressions.
class Animal
	prop name
	prop legs

	def initialize name, legs
		@name = name
		@legs = legs

	def walk
		legs > 0 ? "{name} walks on {legs} legs" : "{name} slides along"

class Spider < Animal
	def initialize name
		super name, 8

	def walk
		super + " and leaves a thread"

var zoo = [Animal.new("Giraffe", 4), Animal.new("Flamingo", 2), Animal.new("Adder", 0), Spider.new("Tarantula")]
for animal in zoo
	console.log animal.walk

var legs = for animal in zoo
	animal.legs
console.log "legs in all:", legs.reduce((do |sum, n| sum + n), 0)
