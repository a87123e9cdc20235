import type { Command } from "../commands/command";
import type { RoomSession } from "../session";

const there = ({ voice }: RoomSession): boolean => voice.people.get() !== undefined;

/** What can be done with talking. */
export const voiceCommands: readonly Command[] = [
  { id: "voice.toggle", group: "people", title: (w) => w.people.voice.toggle, keys: "Alt+M", when: there, run: ({ voice }) => voice.pressed() },
  { id: "voice.leave", group: "people", title: (w) => w.people.voice.leave, when: ({ voice }) => voice.state.get().phase !== "out", run: ({ voice }) => voice.leave() },
  { id: "voice.settings", group: "people", title: (w) => w.people.voice.settings, when: there, run: ({ voice }) => voice.asking.set("settings") },
  { id: "voice.test", group: "people", title: (w) => w.people.voice.test, when: there, run: ({ voice }) => voice.asking.set("test") },
];
