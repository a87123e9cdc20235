import { lazy } from "react";
import { FilesIcon, PeopleIcon, SearchIcon } from "../../ui/icons";
import type { Panel } from "../panel";

/** The views of the sidebar, from top to bottom. */
export const sidePanels: readonly Panel[] = [
  { id: "files", title: (w) => w.files.title, icon: FilesIcon, view: lazy(() => import("../files/files-panel").then((m) => ({ default: m.FilesPanel }))) },
  { id: "search", title: (w) => w.files.search.title, icon: SearchIcon, view: lazy(() => import("../search/search-panel").then((m) => ({ default: m.SearchPanel }))) },
  { id: "people", title: (w) => w.people.title, icon: PeopleIcon, view: lazy(async () => ({ default: (await import("../people/people-list")).PeopleView })) },
];
