// A page of HTML, built from closures: names that nobody declared become elements.
import groovy.xml.MarkupBuilder

def planets = [[name: 'Mercury', moons: 0], [name: 'Earth', moons: 1], [name: 'Mars', moons: 2]]

def page = new StringWriter()
new MarkupBuilder(page).html {
    h1 'Planets'
    ul {
        planets.findAll { it.moons > 0 }.each { planet ->
            li(class: 'planet', "${planet.name} has ${planet.moons} moon${planet.moons == 1 ? '' : 's'}")
        }
    }
}
println page
println "Moons in all: ${planets*.moons.sum()}"
