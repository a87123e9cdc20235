import { ChangeSet, Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { FakeClock } from "./support/clock";
import { Random } from "./support/random";
import { Replica } from "../src/replica";
import { scene } from "./support/typist";

const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} of a file that is not small`).join("\n");

describe("speed", () => {
  it("merges 10,000 edits made offline with 10,000 others in tens of milliseconds", async () => {
    const random = new Random(7);
    const quiet = { deliver: () => 0, committed: () => 0, deleted: () => 0, lost: () => 0, notice: () => 0 };
    const replica = new Replica("mmmmmmmm", quiet);
    const snapshot = { version: 1, language: "", files: [{ id: "mainmain", name: "m", text: lines }], people: [], runs: [] };
    replica.snapshot(snapshot, 0);
    // Composed pair by pair, which takes a fraction of the time of one after the other; the outcome is the same.
    const many = (insert: string): ChangeSet => {
      let sets = Array.from({ length: 10_000 }, (_, i) =>
        ChangeSet.of({ from: random.below(lines.length + i), insert }, lines.length + i),
      );
      while (sets.length > 1) {
        sets = sets.flatMap((set, i) => (i % 2 === 1 ? [] : [sets[i + 1] === undefined ? set : set.compose(sets[i + 1] as ChangeSet)]));
      }
      return sets[0] as ChangeSet;
    };
    replica.edit("mainmain", many("x"), 1 << 20);
    const edits = [{ file: "mainmain", changes: many("y").toJSON() as never }];
    const before = performance.now();
    replica.catchup({ t: "catchup", from: 1, to: 10_001, events: [], edits });
    const batch = JSON.stringify(replica.next());
    const took = performance.now() - before;
    console.log(`catch-up with 10,000 against 10,000 edits: ${took.toFixed(1)} ms, then a batch of ${batch.length} bytes`);
    expect(replica.texts.get("mainmain")?.length).toBe(lines.length + 20_000);
    expect(took).toBeLessThan(500); // generous: this machine is shared
  });

  it("takes in thousands of events a second", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"], {}, lines);
    expect(clock).toBeInstanceOf(FakeClock);
    for (const link of a.network.links) void link;
    const random = new Random(3);
    const count = 5000;
    const before = performance.now();
    for (let i = 0; i < count; i++) {
      if (i % 10 === 0) a.type("x", random.below(1000));
      const { length } = server.files.get("mainmain")?.text ?? Text.empty;
      server.edit(ChangeSet.of({ from: random.below(length), insert: "y" }, length));
      if (i % 20 === 0) await clock.advance(20);
    }
    await clock.advance(100);
    const took = performance.now() - before;
    console.log(`${count} events, the server's work included: ${took.toFixed(0)} ms, ${((count / took) * 1000).toFixed(0)} events/s`);
    expect(a.text()).toBe(server.text());
    expect(took).toBeLessThan(count);
  });
});
