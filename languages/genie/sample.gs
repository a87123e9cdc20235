[indent=4]
// The song of the bottles, with the right words when only one is left.

class Wall
    prop bottles : int

    construct (n : int)
        bottles = n

    def words () : string
        case bottles
            when 0
                return "no bottles"
            when 1
                return "one bottle"
            default
                return @"$(bottles) bottles"

    def take ()
        bottles--

init
    var wall = new Wall (4)
    while wall.bottles > 0
        stdout.printf ("%s on the wall; take one down, ", wall.words ())
        wall.take ()
        stdout.printf ("%s on the wall.\n", wall.words ())
