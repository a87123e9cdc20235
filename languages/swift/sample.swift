// Anything that can be weighed can be packed: a protocol, and an extension that works for all of them.
protocol Weighed {
    var name: String { get }
    var grams: Int { get }
}

struct Book: Weighed {
    let name: String
    let pages: Int
    var grams: Int { pages * 2 }
}

struct Bottle: Weighed {
    let litres: Double
    var name: String { "\(litres) l of water" }
    var grams: Int { Int(litres * 1000) + 50 }
}

extension Array where Element == Weighed {
    func packed(limit: Int) -> [Weighed] {
        var left = limit
        return sorted { $0.grams < $1.grams }.filter {
            guard $0.grams <= left else { return false }
            left -= $0.grams
            return true
        }
    }
}

let things: [Weighed] = [
    Book(name: "Dune", pages: 600), Bottle(litres: 1.5), Book(name: "Haiku", pages: 90), Bottle(litres: 0.5),
]
for thing in things.packed(limit: 2000) { print("🎒 \(thing.name), \(thing.grams) g") }
