import { useRoom } from "./context";
import type { Panel } from "./panel";

/** Those of the panels that the room offers now. */
export function useOffered(panels: readonly Panel[]): readonly Panel[] {
  const offered = useRoom((view) => panels.filter((panel) => panel.offered?.(view) !== false).map(({ id }) => id).join(" "));
  return panels.filter(({ id }) => offered.split(" ").includes(id));
}
