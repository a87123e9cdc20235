// Conway's game of life in the JavaScript of 2009: a glider walks over a small torus.
var size = 8;
var cells = [];
"1,0 2,1 0,2 1,2 2,2".split(" ").forEach(function (place) { cells[place] = true; });

function neighbours(x, y) {
  var n = 0;
  for (var dy = -1; dy <= 1; ++dy)
    for (var dx = -1; dx <= 1; ++dx)
      if ((dx || dy) && cells[[(x + dx + size) % size, (y + dy + size) % size]]) ++n;
  return n;
}

for (var generation = 0; generation <= 12; ++generation) {
  var next = [], picture = "";
  for (var y = 0; y < size; ++y, picture += "\n")
    for (var x = 0; x < size; ++x) {
      var n = neighbours(x, y);
      if (n === 3 || (n === 2 && cells[[x, y]])) next[[x, y]] = true;
      picture += cells[[x, y]] ? "██" : "· ";
    }
  if (generation % 4 === 0) print("Generation " + generation + "\n" + picture);
  cells = next;
}
