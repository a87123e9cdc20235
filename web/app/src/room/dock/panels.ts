import { lazy } from "react";
import { ChatBadge } from "../chat/badge";
import { hasPreview } from "../preview/kinds";
import { OutputPane } from "../output/output-pane";
import type { Panel } from "../panel";
import { ChatIcon, HintIcon, PreviewIcon, TerminalIcon } from "../../ui/icons";

/** The panels of the dock, in the order of their tabs. */
export const dockPanels: readonly Panel[] = [
  { id: "output", title: (w) => w.run.output, icon: TerminalIcon, view: OutputPane, stays: true },
  { id: "chat", title: (w) => w.chat.title, icon: ChatIcon, badge: ChatBadge, view: lazy(async () => ({ default: (await import("../chat/chat-panel")).ChatPanel })) },
  {
    id: "preview",
    title: (w) => w.preview.title,
    icon: PreviewIcon,
    view: lazy(async () => ({ default: (await import("../preview/preview-panel")).PreviewPanel })),
    offered: hasPreview,
  },
  { id: "hints", title: (w) => w.hints.title, icon: HintIcon, view: lazy(async () => ({ default: (await import("../hints/hints-panel")).HintsPanel })) },
];
