// A packing list: structs, optional values, maps, and a class with a rule of its own.
struct Thing {
  name: str;
  grams: num;
  note: str?;
}

class Rucksack {
  limit: num;
  var carried: num;

  new(limit: num) {
    this.limit = limit;
    this.carried = 0;
  }

  pub pack(thing: Thing): bool {
    if this.carried + thing.grams > this.limit {
      return false;
    }
    this.carried = this.carried + thing.grams;
    return true;
  }

  pub left(): num {
    return this.limit - this.carried;
  }
}

let bag = new Rucksack(5000);
let things = [
  Thing { name: "tent", grams: 2100 },
  Thing { name: "anvil", grams: 9000, note: "perhaps not" },
  Thing { name: "stove", grams: 650, note: "with gas" },
];
for thing in things {
  let var verdict = "left at home";
  if bag.pack(thing) {
    verdict = "packed";
  }
  log("{thing.name} is {verdict}, {thing.note ?? "no remarks"}");
}
log("{bag.left()} g may still come along");
