import { history, redo, undo } from "@codemirror/commands";
import { ChangeSet, EditorState, Text, type Transaction } from "@codemirror/state";
import { expect, test } from "vitest";
import { FileBinding, type Later, type TextSource } from "../src/room/editor/binding";

type Listener = Parameters<TextSource["onEdit"]>[1];

/** A room of one file. It takes edits as long as the text stays within a limit. */
class FakeRoom implements TextSource {
  private readonly listeners = new Set<Listener>();

  constructor(
    private doc: Text,
    private readonly limit = 5000,
  ) {}

  text(): Text {
    return this.doc;
  }

  canEdit(_: string, changes: ChangeSet): { ok: true } | { ok: false; message: string } {
    return changes.newLength > this.limit ? { ok: false, message: "too long" } : { ok: true };
  }

  edit(file: string, changes: ChangeSet): void {
    const answer = this.canEdit(file, changes);
    if (!answer.ok) throw new RangeError(answer.message);
    this.doc = changes.apply(this.doc);
  }

  onEdit(_: string, f: Listener): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  elsewhere(changes: ChangeSet, kind: "remote" | "rollback" | "resync" = "remote"): void {
    this.doc = changes.apply(this.doc);
    for (const f of this.listeners) f(changes, { kind });
  }
}

/** An editor without a view. */
class Editor {
  state: EditorState;
  readonly refusals: string[] = [];
  readonly binding: FileBinding;

  constructor(room: FakeRoom, later?: Later) {
    this.state = EditorState.create({ doc: room.text(), extensions: [history(), EditorState.allowMultipleSelections.of(true)] });
    this.binding = new FileBinding(room, "f", (spec) => this.dispatch(this.state.update(spec)), (message) => this.refusals.push(message), later);
  }

  readonly dispatch = (tr: Transaction): void => {
    const taken = this.binding.take([tr]);
    for (const t of taken) this.state = t.state;
    this.binding.sent(taken, () => this.state);
  };

  insert(from: number, to: number, insert: string): void {
    this.dispatch(this.state.update({ changes: { from, to, insert }, userEvent: "input.type" }));
  }

  undo(): boolean {
    return undo({ state: this.state, dispatch: this.dispatch });
  }

  redo(): boolean {
    return redo({ state: this.state, dispatch: this.dispatch });
  }
}

/** A small generator with a seed, so that a failure can be seen again. */
function generator(seed: number): (n: number) => number {
  let s = seed >>> 0;
  return (n) => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

function randomChange(random: (n: number) => number, length: number, letters: string): { from: number; to: number; insert: string } {
  const from = random(length + 1);
  const to = random(3) === 0 ? Math.min(length, from + random(6)) : from;
  const insert = Array.from({ length: random(4) + (to === from ? 1 : 0) }, () => letters[random(letters.length)]).join("");
  return { from, to, insert };
}

test("editor and room have the same text, whatever happens in whatever order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = generator(seed);
    const room = new FakeRoom(Text.of(["hello", "world"]), 400);
    const editor = new Editor(room);
    for (let step = 0; step < 200; step++) {
      const { length } = room.text();
      const kind = random(10);
      if (kind < 4) {
        const { from, to, insert } = randomChange(random, length, "ab\ncd");
        editor.insert(from, to, random(30) === 0 ? "x".repeat(300) : insert);
      } else if (kind < 8) {
        const change = randomChange(random, length, "XY\nZ");
        room.elsewhere(ChangeSet.of({ ...change, insert: Text.of(change.insert.split("\n")) }, length), random(8) === 0 ? "rollback" : "remote");
      } else if (kind === 8) editor.undo();
      else editor.redo();
      expect(editor.state.doc.toString(), `seed ${seed}, step ${step}`).toBe(room.text().toString());
    }
  }
});

test("undo takes back one's own work, and only that", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = generator(seed);
    const room = new FakeRoom(Text.of(["....."]));
    const editor = new Editor(room);
    for (let step = 0; step < 80; step++) {
      const at = random(room.text().length + 1);
      if (random(2) === 0) editor.insert(at, at, "a");
      else room.elsewhere(ChangeSet.of({ from: at, insert: "R" }, room.text().length));
    }
    const before = editor.state.doc.toString();
    while (editor.undo());
    const expected = before.replaceAll("a", "");
    expect(editor.state.doc.toString(), `seed ${seed}`).toBe(expected);
    while (editor.redo());
    expect(editor.state.doc.toString().replace(/[^a]/g, ""), `seed ${seed}`).toBe(before.replace(/[^a]/g, ""));
    expect(room.text().toString()).toBe(editor.state.doc.toString());
  }
});

test("what the room would refuse is not applied, and the user is told", () => {
  const room = new FakeRoom(Text.of(["abc"]), 10);
  const editor = new Editor(room);
  editor.insert(3, 3, "x".repeat(20));
  expect(editor.state.doc.toString()).toBe("abc");
  expect(editor.refusals).toEqual(["too long"]);
  editor.insert(0, 3, "");
  room.elsewhere(ChangeSet.of({ from: 0, insert: "1234567890" }, 0));
  editor.undo();
  expect(editor.state.doc.toString()).toBe("1234567890");
  expect(room.text().toString()).toBe("1234567890");
});

test("Windows line ends become line feeds", () => {
  const room = new FakeRoom(Text.empty);
  const editor = new Editor(room);
  editor.insert(0, 0, "a\r\nb\rc\n");
  expect(room.text().toString()).toBe("a\nb\nc\n");
});

test("what waits is in the room before it is in the editor, and both have the same text once it is brought", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = generator(seed);
    const room = new FakeRoom(Text.of(["hello", "world"]), 400);
    const editor = new Editor(room, () => undefined);
    for (let step = 0; step < 100; step++) {
      const kind = random(10);
      if (kind < 4) {
        const { from, to, insert } = randomChange(random, editor.state.doc.length, "ab\ncd");
        editor.insert(from, to, random(30) === 0 ? "x".repeat(300) : insert);
      } else if (kind < 7) {
        const { length } = room.text();
        const change = randomChange(random, length, "XY\nZ");
        room.elsewhere(ChangeSet.of({ ...change, insert: Text.of(change.insert.split("\n")) }, length));
      } else if (kind === 7) editor.undo();
      else if (kind === 8) editor.redo();
      else {
        editor.binding.bring();
        expect(editor.state.doc.toString(), `seed ${seed}, step ${step}`).toBe(room.text().toString());
      }
    }
  }
});

test("typing before what waits keeps the text together, and says where the caret is for the others", () => {
  const room = new FakeRoom(Text.of(["ab"]));
  const editor = new Editor(room, () => undefined);
  room.elsewhere(ChangeSet.of({ from: 1, insert: "RR" }, 2));
  room.elsewhere(ChangeSet.of({ from: 0, insert: "S" }, 4));
  editor.insert(1, 1, "x");
  editor.insert(2, 2, "y");
  expect(room.text().toString()).toBe("SaxyRRb");
  expect(editor.binding.inClient(3)).toBe(4);
  editor.binding.bring();
  expect(editor.state.doc.toString()).toBe("SaxyRRb");
  editor.undo();
  expect(room.text().toString()).toBe("SaRRb");
});
