import { ChangeSet, Text } from "@codemirror/state";
import { expect, it } from "vitest";
import { Binding, type BoundClient } from "../src/core/binding";
import { textOf } from "../src/core/places";
import { Random, seeds } from "../../client/test/support/random";
import { randomChange } from "./changes";
import { FakeDocument, Turns } from "./document";

/** A file of a room without a server: others' changes come by remote. */
class FakeClient implements BoundClient {
  now: Text;
  refuses = false;
  private readonly told = new Set<(changes: ChangeSet, info: { kind: "remote" }) => void>();

  constructor(text: string) {
    this.now = textOf(text);
  }

  text = (): Text => this.now;
  edit = (_file: string, changes: ChangeSet): void => {
    this.now = changes.apply(this.now);
  };
  canEdit = (_file: string, changes: ChangeSet): { ok: true } | { ok: false; message: string } => {
    if (changes.length !== this.now.length) return { ok: false, message: "another text" };
    return this.refuses ? { ok: false, message: "view only" } : { ok: true };
  };
  onEdit = (_file: string, f: (changes: ChangeSet, info: { kind: "remote" }) => void): (() => void) => {
    this.told.add(f);
    return () => this.told.delete(f);
  };
  remote(changes: ChangeSet): void {
    this.now = changes.apply(this.now);
    for (const f of this.told) f(changes, { kind: "remote" });
  }
}

for (const seed of seeds("binding", 40)) {
  it(`ends with the same text on both sides (CODECOLLAB_SEED=${seed})`, async () => {
    const random = new Random(seed);
    const turns = new Turns();
    const client = new FakeClient("def main():\n    print('😀')\n");
    const document = new FakeDocument(random.oneIn(3) ? "an old text\n" : client.now.toString(), turns.later);
    const reports: string[] = [];
    const binding = new Binding(client, "f", document, { refused: () => undefined, report: (detail) => reports.push(detail) }, () => random.below(10_000));
    document.binding = binding;
    for (let i = 0; i < 250; i++) {
      const what = random.below(12);
      if (what < 4) document.user(randomChange(random, document.screen));
      else if (what < 8) client.remote(randomChange(random, client.now));
      else if (what === 8) document.undo();
      else if (what === 9) binding.step(random.oneIn(2) ? "undo" : "redo");
      else if (what === 10) client.refuses = random.oneIn(5);
      for (let n = random.below(5); n > 0; n--) await turns.next();
    }
    client.refuses = false;
    await expect.poll(async () => {
      await turns.next();
      return turns.idle && binding.isSettled;
    }, { timeout: 20_000, interval: 1 }).toBe(true);
    expect(document.screen.toString()).toBe(client.now.toString());
    expect(reports).toEqual([]);
    binding.close();
  });
}

it("takes back nothing of others by the editor's own undo", async () => {
  const turns = new Turns();
  const client = new FakeClient("");
  const document = new FakeDocument("", turns.later);
  const binding = new Binding(client, "f", document, { refused: () => undefined, report: () => undefined });
  document.binding = binding;
  const settle = async (): Promise<void> => {
    while (!turns.idle || !binding.isSettled) await turns.next();
  };
  document.user(ChangeSet.of({ from: 0, insert: "mine" }, 0));
  await settle();
  client.remote(ChangeSet.of({ from: 0, insert: "theirs " }, 4));
  await settle();
  expect(document.screen.toString()).toBe("theirs mine");
  document.undo();
  await settle();
  expect([document.screen.toString(), client.now.toString()]).toEqual(["theirs ", "theirs "]);
  document.undo();
  await settle();
  expect([document.screen.toString(), client.now.toString()]).toEqual(["theirs ", "theirs "]);
});

it("takes a refused change back out of the document, and hands out what was typed", async () => {
  const turns = new Turns();
  const client = new FakeClient("text");
  const document = new FakeDocument("text", turns.later);
  const lost: string[] = [];
  const binding = new Binding(client, "f", document, { refused: (message, text) => lost.push(`${message}: ${text}`), report: () => undefined });
  document.binding = binding;
  client.refuses = true;
  document.user(ChangeSet.of({ from: 2, insert: "NO" }, 4));
  while (!turns.idle || !binding.isSettled) await turns.next();
  expect(document.screen.toString()).toBe("text");
  expect(lost).toEqual(["view only: NO"]);
});

it("shows carriage returns that other clients have put there as ends of lines, and stays in place", async () => {
  const turns = new Turns();
  const client = new FakeClient("");
  client.now = Text.of(["a\rb"]);
  const document = new FakeDocument("a\nb", turns.later);
  const reports: string[] = [];
  const binding = new Binding(client, "f", document, { refused: () => undefined, report: (detail) => reports.push(detail) });
  document.binding = binding;
  const settle = async (): Promise<void> => {
    while (!turns.idle || !binding.isSettled) await turns.next();
  };
  client.remote(ChangeSet.of({ from: 3, insert: Text.of(["\rc"]) }, 3));
  await settle();
  expect(document.screen.toString()).toBe("a\nb\nc");
  document.user(ChangeSet.of({ from: 4, insert: "X" }, 5));
  await settle();
  expect([document.screen.toString(), client.now.toString()]).toEqual(["a\nb\nXc", "a\rb\rXc"]);
  expect(reports).toEqual([]);
});
