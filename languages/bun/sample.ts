// A database inside the program: a table is made, filled and asked.
import { Database } from "bun:sqlite";

type Row = { origin: string; flights: number; longest: number };

const db = new Database(":memory:");
db.run("create table flight (origin text, minutes int)");

const add = db.prepare("insert into flight values (?, ?)");
const times = { JFK: [390, 410, 510], OSL: [150], WAW: [575, 115] };
for (const [origin, all] of Object.entries(times)) {
  for (const minutes of all) add.run(origin, minutes);
}

const question = `select origin, count(*) flights, max(minutes) longest
  from flight group by origin order by longest desc`;
for (const { origin, flights, longest } of db.query<Row, []>(question).all()) {
  const time = `${Math.floor(longest / 60)} h ${longest % 60} min`;
  console.log(`${origin}  ${"✈ ".repeat(flights).padEnd(8)} up to ${time}`);
}
