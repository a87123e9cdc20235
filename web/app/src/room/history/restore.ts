import type { Text } from "@codemirror/state";

/** A file of the room as it is. */
type NowFile = { readonly id: string; readonly name: string; readonly text: Text };
/** A file as it was. */
type ThenFile = { readonly id: string; readonly name: string; readonly text: Text };

/** What makes the room's files what they were. */
export type Step =
  | { readonly kind: "edit"; readonly file: string; readonly text: Text }
  | { readonly kind: "rename"; readonly file: string; readonly name: string }
  | { readonly kind: "create"; readonly name: string; readonly text: Text }
  | { readonly kind: "delete"; readonly file: string };

/**
 * The steps from the files as they are to those of another moment. A file is the same one by its id, else by its name
 * (an id is never used again, so a file that was deleted comes back as another one). Deletions come first, for they free names.
 */
export function planRestore(now: readonly NowFile[], then: readonly ThenFile[]): readonly Step[] {
  const byId = new Map(now.map((file) => [file.id, file]));
  const taken = new Set(then.map(({ id }) => id).filter((id) => byId.has(id)));
  const byName = new Map(now.filter(({ id }) => !taken.has(id)).map((file) => [file.name, file]));
  const steps: Step[] = [];
  const kept = new Set<string>();
  for (const past of then) {
    const same = byId.get(past.id) ?? byName.get(past.name);
    if (same === undefined) {
      steps.push({ kind: "create", name: past.name, text: past.text });
      continue;
    }
    kept.add(same.id);
    if (same.name !== past.name) steps.push({ kind: "rename", file: same.id, name: past.name });
    if (!same.text.eq(past.text)) steps.push({ kind: "edit", file: same.id, text: past.text });
  }
  const gone = now.filter(({ id }) => !kept.has(id)).map(({ id }): Step => ({ kind: "delete", file: id }));
  return [...gone, ...steps];
}
