import type { Peer, RoomView } from "@codecollab/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../src/lib/store";
import { People, type Screen } from "../src/room/people/people";
import { Notes } from "../src/room/status/notes";
import { corpus } from "./xss";

const ann: Peer = { session: "s1", client: "annannan", person: "pann", name: "Ann", color: 3, file: "f", anchor: 7, head: 7, away: false, me: false, top: 2 };

/** A page that notes where it was taken. */
class FakeScreen implements Screen {
  readonly file = new Store<string | undefined>("f");
  readonly notes = new Notes();
  readonly seen: string[] = [];
  readonly editor = {
    reveal: (position: number, top: number | undefined) => void this.seen.push(`${this.file.get()} ${position} ${top}`),
    caret: () => 5,
    topLine: () => 1,
    line: () => 4,
  };

  jump(file: string, position: number): void {
    this.seen.push(`jump ${file} ${position}`);
  }

  /** The newest note. */
  get note() {
    return this.notes.list.get().at(-1);
  }
}

function view(peers: readonly Peer[], more: Partial<RoomView> = {}): RoomView {
  return { status: "ready", role: "editor", locked: false, peers, files: [{ id: "f", name: "main.py" }, { id: "g", name: "b.py" }], ...more } as unknown as RoomView;
}

let screen: FakeScreen;
let people: People;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { body: "the body" });
  vi.stubGlobal("Element", Map); // nothing of this page is one
  vi.stubGlobal("requestAnimationFrame", (f: () => void) => setTimeout(f, 16));
  screen = new FakeScreen();
  people = new People(screen);
  people.see(view([ann]));
});

afterEach(() => {
  people.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("following goes along, into another file too", () => {
  people.follow(ann);
  people.see(view([{ ...ann, head: 9, top: 3 }]));
  people.see(view([{ ...ann, file: "g", head: 1 }]));
  vi.advanceTimersByTime(20);
  expect(screen.seen).toEqual(["f 7 2", "f 9 3", "g 1 2"]);
});

test("a key in the editor ends it, and so does Escape anywhere; Shift alone and keys elsewhere do not", () => {
  people.follow(ann);
  people.pressed({ key: "Shift", target: document.body });
  people.pressed({ key: "a", target: null });
  expect(people.following.get()?.name).toBe("Ann");
  people.pressed({ key: "a", target: document.body });
  expect(people.following.get()).toBeUndefined();
  people.follow(ann);
  people.pressed({ key: "Escape", target: null });
  expect(people.following.get()).toBeUndefined();
});

test("a tab that is loaded again is waited for; one that has gone is not followed any more", () => {
  people.follow(ann);
  people.see(view([]));
  vi.advanceTimersByTime(5000);
  people.see(view([{ ...ann, session: "s2", name: "Anna" }]));
  vi.advanceTimersByTime(20_000);
  expect(people.following.get()?.name).toBe("Anna");
  people.see(view([]));
  vi.advanceTimersByTime(9000);
  expect(people.following.get()).toBeUndefined();
  expect(screen.note?.text).toContain("Anna has left");
});

test("a call is an offer, and then one to come back", () => {
  people.brought("s1");
  expect(screen.note?.text).toBe("Ann asks everyone to come to main.py, line 4.");
  screen.note?.offer?.take();
  screen.note?.offer?.take();
  expect(screen.seen).toEqual(["jump f 7", "jump f 5"]);
});

test("one's own call, and one from nowhere, are nothing", () => {
  people.see(view([{ ...ann, me: true }]));
  people.brought("s1");
  people.brought("nobody");
  expect(screen.note).toBeUndefined();
});

test("what has changed for oneself is said", () => {
  people.see(view([ann], { role: "viewer" }));
  expect(screen.note?.text).toContain("only view");
  people.see(view([ann], { role: "editor" }));
  people.see(view([ann], { role: "editor", locked: true }));
  expect(screen.note?.text).toContain("locked");
});

test.each(corpus)("a name is text: %s", (name) => {
  people.see(view([{ ...ann, name }]));
  people.brought("s1");
  expect(screen.note?.text).toBe(`${name} asks everyone to come to main.py, line 4.`);
});

test("an owner is offered to see who waits, once for each of them", () => {
  const knock = (person: string, name: string) => ({ person, name, color: 1, role: "viewer", since: 1 });
  people.see(view([], { knocks: [] }));
  people.see(view([], { knocks: [knock("pben", "Ben")] }));
  expect(screen.note?.text).toContain("Ben");
  screen.note?.offer?.take();
  expect(people.asking.get()).toEqual({ kind: "share" });
  const before = screen.notes.list.get().length;
  people.see(view([], { knocks: [knock("pben", "Ben")] })); // the list came again
  people.see(view([], { knocks: [] }));
  expect(screen.notes.list.get()).toHaveLength(before);
  people.see(view([], { knocks: [knock("pcyd", "Cyd"), knock("pdan", "Dan")] }));
  expect(screen.note?.text).toMatch(/^2 /);
});
