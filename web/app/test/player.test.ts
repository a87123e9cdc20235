import type { LogEvent } from "@codecollab/client";
import { ChangeSet } from "@codemirror/state";
import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/lib/api";
import type { EventPage, HistoryApi, Overview, PastState } from "../src/room/history/api";
import { Player } from "../src/room/history/player";

/** A room in which one letter was typed by each event after the first, a second apart; its server answers at once. */
class FakeHistory {
  asked: string[] = [];
  fails = 0;

  constructor(readonly last: number) {}

  textAt(version: number): string {
    return "x".repeat(version - 1);
  }

  overview(): Promise<Overview> {
    return Promise.resolve({ version: this.last, ready: this.last, began: 0, ended: this.last * 1000, people: [], buckets: [], gaps: [], runs: [], runCount: 0 });
  }

  state(version: number): Promise<PastState> {
    this.asked.push(`state ${version}`);
    if (this.fails-- > 0) return Promise.reject(new ApiError(0, "offline", "The server cannot be reached."));
    return Promise.resolve({ version, at: version * 1000, language: "", people: [], files: [{ id: "file0001", name: "a", text: this.textAt(version) }] });
  }

  events(from: number, to: number): Promise<EventPage> {
    this.asked.push(`events ${from} ${to}`);
    const end = Math.min(to, from + 99);
    const events = Array.from({ length: end - from + 1 }, (_, i) => this.event(from + i)).filter(({ version }) => version > 1);
    return Promise.resolve({ events, ...(end < to ? { next: end + 1 } : {}) });
  }

  private event(version: number): LogEvent {
    const length = Math.max(0, version - 2);
    return { version, at: version * 1000, by: "ann", body: { kind: "edit", edits: [{ file: "file0001", changes: ChangeSet.of({ from: length, insert: "x" }, length).toJSON() }] } };
  }
}

/** A player, and its time in the hands of the test. */
function player(last: number): { fake: FakeHistory; player: Player; pass: (ms: number) => Promise<void>; text: () => string | undefined } {
  const fake = new FakeHistory(last);
  let tick: ((ms: number) => void) | undefined;
  const made = new Player(fake as unknown as HistoryApi, (f) => {
    tick = f;
    return () => (tick = undefined);
  });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 50) {
      tick?.(Math.min(50, left));
      for (let i = 0; i < 5; i++) await Promise.resolve(); // answers of the server come
    }
  };
  return { fake, player: made, pass, text: () => made.state.get().shown?.files[0]?.text.toString() };
}

const shows = (p: Player, version: number): Promise<void> => vi.waitFor(() => expect(p.state.get()).toMatchObject({ waiting: false, shown: { version } }));

describe("the player", () => {
  test("opens at the end, or where it is told to", async () => {
    const end = player(50);
    await end.player.open();
    await shows(end.player, 50);
    expect(end.text()).toHaveLength(49);
    const some = player(50);
    await some.player.open(7);
    await shows(some.player, 7);
    expect(some.text()).toHaveLength(6);
  });

  test("a version beyond the end is the end, and one before the beginning is the first", async () => {
    const { player: p } = player(50);
    await p.open(9999);
    await shows(p, 50);
    p.seek(-5);
    await shows(p, 1);
  });

  test("plays through all pages to the end, and stops there", async () => {
    const { player: p, pass, text } = player(950);
    await p.open(1);
    await shows(p, 1);
    p.setSpeed(1024);
    p.play();
    expect(p.state.get().playing).toBe(true);
    for (let i = 0; i < 200 && p.state.get().playing; i++) await pass(100);
    expect(p.state.get()).toMatchObject({ playing: false, version: 950 });
    expect(text()).toHaveLength(949);
  });

  test("plays as fast as it is told", async () => {
    const { player: p, pass } = player(500);
    await p.open(10);
    await shows(p, 10);
    p.setSpeed(4);
    p.play();
    await pass(50); // the first page comes
    await pass(5000);
    expect(p.state.get().version).toBeGreaterThanOrEqual(28);
    expect(p.state.get().version).toBeLessThanOrEqual(31);
    p.pause();
    const { version } = p.state.get();
    await pass(5000);
    expect(p.state.get().version).toBe(version);
  });

  test("from the end it begins again", async () => {
    const { player: p } = player(20);
    await p.open();
    await shows(p, 20);
    p.play();
    await shows(p, 1);
    expect(p.state.get().playing).toBe(true);
    p.close();
  });

  test("of many jumps only the last one is shown", async () => {
    const { player: p, fake } = player(500);
    await p.open(1);
    await shows(p, 1);
    for (let v = 100; v <= 200; v++) p.seek(v);
    await shows(p, 200);
    expect(fake.asked.filter((a) => a.startsWith("state")).length).toBeLessThanOrEqual(4);
  });

  test("a moment that cannot be had leaves the one that is shown, and says why", async () => {
    const { player: p, fake } = player(50);
    await p.open(5);
    await shows(p, 5);
    fake.fails = 1;
    p.seek(9);
    await vi.waitFor(() => expect(p.state.get().momentError).toMatch(/cannot be reached/));
    expect(p.state.get().shown?.version).toBe(5);
    p.seek(9);
    await shows(p, 9);
    expect(p.state.get().momentError).toBeUndefined();
  });
});
