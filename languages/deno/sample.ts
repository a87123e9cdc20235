// Web standards without a browser: a hash of each name picks its colour, and all are awaited at once.
const colours = ["red", "green", "blue", "yellow"] as const;
type Colour = (typeof colours)[number];

async function colourOf(name: string): Promise<[string, Colour, string]> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  const hex = [...bytes.slice(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [name, colours[bytes[0] % colours.length], hex];
}

const people = ["Ada", "Grace", "Katherine", "Margaret", "Radia"];
for (const [name, colour, hex] of await Promise.all(people.map(colourOf))) {
  console.log(`${name.padEnd(10)} ${hex}…  ${colour}`);
}
