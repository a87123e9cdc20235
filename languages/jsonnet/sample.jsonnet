// Drinks that share a base, and one that overrides it.
local Drink(name, parts) = {
  name: name,
  parts: parts,
  served: 'over ice',
  total_ml: std.foldl(function(sum, part) sum + self.parts[part], std.objectFields(parts), 0),
};

local drinks = [
  Drink('Lemonade', { lemon: 30, syrup: 20, water: 200 }),
  Drink('Hot lemon', { lemon: 20, honey: 15, water: 180 }) { served: 'steaming' },
];

{
  menu: { [drink.name]: '%d ml, %s' % [drink.total_ml, drink.served] for drink in drinks },
  shopping: std.set(std.flattenArrays([std.objectFields(drink.parts) for drink in drinks])),
}
