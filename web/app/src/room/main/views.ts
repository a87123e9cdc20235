import type { Panel } from "../panel";

/** The views that can take the place of the editor. */
export const mainViews: readonly Panel[] = [];
