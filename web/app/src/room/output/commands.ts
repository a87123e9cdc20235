import type { Command } from "../commands/command";
import type { RoomSession } from "../session";

/** What can be done about programs. */
export const runCommands: readonly Command[] = [
  { id: "run.run", group: "running", title: (w) => w.run.commands.run, keys: "Mod+Enter", run: (session) => session.run() },
  { id: "run.stop", group: "running", title: (w) => w.run.commands.stop, keys: "Mod+Shift+Enter", run: (session) => session.stop() },
  {
    id: "run.again",
    group: "running",
    title: (w) => w.run.commands.again,
    when: (session) => hasRun(session) && session.client.view().noRun === undefined,
    run: (session) => {
      const run = session.output.shown();
      if (run !== undefined) session.again(run);
    },
  },
  { id: "run.history", group: "running", title: (w) => w.run.commands.history, when: hasRun, run: ({ layout, output }) => (layout.showDock("output"), output.history.set(true)) },
  { id: "run.input", group: "running", title: (w) => w.run.commands.input, run: ({ layout, output }) => (layout.showDock("output"), output.tab.set("input")) },
  { id: "run.clear", group: "running", title: (w) => w.run.commands.clear, when: hasRun, run: ({ output }) => output.clear() },
  { id: "run.copy", group: "running", title: (w) => w.run.commands.copy, when: hasRun, run: ({ output }) => output.copy() },
  { id: "run.download", group: "running", title: (w) => w.run.commands.download, when: hasRun, run: ({ output }) => output.download() },
  {
    id: "run.format",
    group: "editing",
    title: (w) => w.run.commands.format,
    keys: "Shift+Alt+F",
    when: ({ client }) => client.view().refusal === undefined,
    run: (session) => void session.formatting.format(session.file.get()),
  },
];

function hasRun({ output }: RoomSession): boolean {
  return output.shown() !== undefined;
}
