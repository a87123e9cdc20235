import type { Command } from "../commands/command";
import { hasPreview } from "./kinds";

/** What can be done about previews. */
export const previewCommands: readonly Command[] = [
  {
    id: "preview.toggle",
    group: "view",
    title: (w) => w.preview.commands.toggle,
    keys: "Shift+Alt+V",
    when: ({ client }) => hasPreview(client.view()),
    run: ({ layout }) => layout.showDock(layout.dock.get() === "preview" ? "output" : "preview"),
  },
];
