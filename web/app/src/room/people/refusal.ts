import type { RoomView } from "@codecollab/client";
import type { Words } from "../../words";

/** Why the user may not change the room, in words. */
export function editRefusal({ people: { lock } }: Words, why: RoomView["refusal"]): string {
  return why === "locked" ? lock.locked : lock.viewer;
}

/** Why the user may not run programs, in words. */
export function runRefusal(words: Words, why: RoomView["noRun"]): string {
  return why === "not_runner" ? words.people.lock.notRunner : editRefusal(words, why);
}
