// Beasts for a game: classes, tables as records, and a generator that takes turns.
class Beast {
    name = null;
    health = 0;
    constructor(name, health) {
        this.name = name;
        this.health = health;
    }
    function hit(damage) {
        health = damage > health ? 0 : health - damage;
        return health > 0;
    }
}

function turns(a, b) {
    for (local round = 1; ; round++) {
        yield { round = round, striker = round % 2 ? a : b, victim = round % 2 ? b : a };
    }
}

local fight = turns(Beast("Badger", 14), Beast("Adder", 9));
foreach (turn in fight) {
    local damage = 2 + turn.round;
    local stands = turn.victim.hit(damage);
    print(format("%d. %s hits %s for %d, %d left\n", turn.round, turn.striker.name, turn.victim.name, damage, turn.victim.health));
    if (!stands) {
        print(turn.striker.name + " wins.\n");
        break;
    }
}
