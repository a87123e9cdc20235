import { OutputPane } from "../output/output-pane";
import type { Panel } from "../panel";
import { TerminalIcon } from "../../ui/icons";

/** The panels of the dock, in the order of their tabs. */
export const dockPanels: readonly Panel[] = [
  { id: "output", title: (w) => w.run.output, icon: TerminalIcon, view: OutputPane, stays: true },
];
