// Conway's Game of Life: a glider walks over the board.
let alive = new Set(["1,0", "2,1", "0,2", "1,2", "2,2"]);

function step(cells) {
  const neighbours = new Map();
  for (const cell of cells) {
    const [x, y] = cell.split(",").map(Number);
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1])
        if (dx || dy) {
          const key = `${x + dx},${y + dy}`;
          neighbours.set(key, (neighbours.get(key) ?? 0) + 1);
        }
  }
  return new Set(
    [...neighbours].filter(([key, n]) => n === 3 || (n === 2 && cells.has(key))).map(([key]) => key),
  );
}

for (let generation = 0; generation < 5; generation++) {
  console.log(`generation ${generation}`);
  for (let y = 0; y < 6; y++)
    console.log([...Array(6).keys()].map((x) => (alive.has(`${x},${y}`) ? "■" : "·")).join(" "));
  alive = step(alive);
}
