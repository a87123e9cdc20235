import { ChangeSet, type Text } from "@codemirror/state";
import { words } from "../../words";
import { changesTo } from "../editor/changes-to";
import type { RoomSession } from "../session";
import type { PastFile } from "./moment";
import { planRestore, type Step } from "./restore";

/** Takes one step back; nothing when that is not possible any more. */
type Undo = () => void;

/**
 * Makes the room's files what they were at a version, by ordinary edits and commands of this user: it is in the log, and
 * others see it like any other edit. Afterwards it can be taken back, without what others have written since.
 */
export async function restoreVersion(session: RoomSession, version: number, files: readonly PastFile[]): Promise<void> {
  const { client, notes } = session;
  const now = client.view().files.map(({ id, name }) => ({ id, name, text: client.text(id) }));
  const steps = planRestore(now, files);
  const w = words.get().history;
  if (steps.length === 0) {
    notes.info(w.same);
    return;
  }
  const edits = await editsOf(session, steps);
  const undo = steps.map((step) => take(session, step, edits)).filter((one) => one !== undefined);
  if (undo.length < steps.length) {
    notes.error(w.partly(version));
    return;
  }
  notes.offer(w.restored(version), { words: w.undo, take: () => undo.toReversed().forEach((back) => back()) });
}

type Edit = { readonly before: Text; readonly changes: ChangeSet };

/** The edits of steps, as small as they can be. */
async function editsOf({ client }: RoomSession, steps: readonly Step[]): Promise<ReadonlyMap<string, Edit>> {
  const out = new Map<string, Edit>();
  for (const step of steps) {
    if (step.kind !== "edit") continue;
    const before = client.text(step.file);
    out.set(step.file, { before, changes: await changesTo(before, step.text.toString()) });
  }
  return out;
}

function take(session: RoomSession, step: Step, edits: ReadonlyMap<string, Edit>): Undo | undefined {
  const { client } = session;
  switch (step.kind) {
    case "create": {
      const file = client.createFile(step.name, step.text.toString());
      return () => client.deleteFile(file);
    }
    case "delete": {
      const name = client.view().files.find(({ id }) => id === step.file)?.name ?? "";
      const text = client.text(step.file).toString();
      client.deleteFile(step.file);
      return () => void client.createFile(name, text);
    }
    case "rename": {
      const name = client.view().files.find(({ id }) => id === step.file)?.name ?? "";
      client.renameFile(step.file, step.name);
      return () => client.renameFile(step.file, name);
    }
    case "edit":
      return edit(session, step.file, step.text, edits.get(step.file));
  }
}

function edit({ client, editor }: RoomSession, file: string, text: Text, made: Edit | undefined): Undo | undefined {
  const before = client.text(file);
  // Somebody typed while the difference was worked out: the whole text then, which is as right and less small.
  const changes =
    made?.before.eq(before) === true ? made.changes : ChangeSet.of({ from: 0, to: before.length, insert: text }, before.length);
  const back = changes.invert(before);
  if (!editor.edit(file, changes, "input.restore")) return undefined;
  const since = editor.follow(file);
  return () => {
    since.end();
    editor.edit(file, back.map(since.changes()), "input.restore");
  };
}
