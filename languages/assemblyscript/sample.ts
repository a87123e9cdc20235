// Conway's glider on a small torus: bytes in linear memory, compiled to WebAssembly.
const width: i32 = 12;
const height: i32 = 6;
let cells = new Uint8Array(width * height);

function at(x: i32, y: i32): i32 {
  return ((y + height) % height) * width + ((x + width) % width);
}

function step(): void {
  const next = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let n = -i32(cells[at(x, y)]);
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) n += cells[at(x + dx, y + dy)];
      next[at(x, y)] = u8(n == 3 || (n == 2 && cells[at(x, y)] == 1));
    }
  }
  cells = next;
}

const glider: i32[] = [at(1, 0), at(2, 1), at(0, 2), at(1, 2), at(2, 2)];
for (let i = 0; i < glider.length; i++) cells[glider[i]] = 1;
for (let generation = 0; generation < 12; generation++) step();
for (let y = 0; y < height; y++) {
  let row = '';
  for (let x = 0; x < width; x++) row += cells[at(x, y)] ? '#' : '.';
  console.log(row);
}
