import { HistoryIcon } from "../../ui/icons";
import { HistoryLoader } from "../history/loader";
import type { Panel } from "../panel";

/** The views that can take the place of the editor. */
export const mainViews: readonly Panel[] = [
  {
    id: "history",
    title: (w) => w.history.title,
    icon: HistoryIcon,
    view: HistoryLoader,
  },
];
