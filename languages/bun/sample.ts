// A database inside the program: a table is made, filled and asked.
import { Database } from "bun:sqlite";

type Flight = { origin: string; flights: number; longest: number };

const db = new Database(":memory:");
db.run("create table flight (origin text, destination text, minutes int)");
const add = db.prepare("insert into flight values (?, ?, ?)");
for (const [from, to, minutes] of [
  ["WAW", "JFK", 575], ["WAW", "OSL", 115], ["OSL", "SVO", 150],
  ["JFK", "SFO", 390], ["JFK", "LHR", 410], ["JFK", "WAW", 510],
] as const) add.run(from, to, minutes);

const rows = db.query<Flight, []>(
  "select origin, count(*) flights, max(minutes) longest from flight group by origin order by flights desc",
).all();
for (const { origin, flights, longest } of rows)
  console.log(`${origin}  ${"✈ ".repeat(flights).padEnd(8)} up to ${Math.floor(longest / 60)} h ${longest % 60} min`);
