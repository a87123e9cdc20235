import type { Panel } from "../panel";

/** The views of the sidebar, from top to bottom. */
export const sidePanels: readonly Panel[] = [];
