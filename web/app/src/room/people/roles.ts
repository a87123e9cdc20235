import type { Role } from "@codecollab/client";
import { useRoom } from "../context";

/** What people are in the room, by their id. In a room that is not closed, whoever has no role is an editor. */
export function useRoles(): (person: string) => Role | undefined {
  const members = useRoom((view) => view.members);
  const closed = useRoom((view) => view.closed);
  return (person) => members.find((m) => m.person === person)?.role ?? (closed ? undefined : "editor");
}
