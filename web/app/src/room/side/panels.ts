import { lazy } from "react";
import { FilesIcon, SearchIcon } from "../../ui/icons";
import type { Panel } from "../panel";

/** The views of the sidebar, from top to bottom. */
export const sidePanels: readonly Panel[] = [
  { id: "files", title: (w) => w.files.title, icon: FilesIcon, view: lazy(() => import("../files/files-panel").then((m) => ({ default: m.FilesPanel }))) },
  { id: "search", title: (w) => w.files.search.title, icon: SearchIcon, view: lazy(() => import("../search/search-panel").then((m) => ({ default: m.SearchPanel }))) },
];
