import { baseName, folderOf } from "./paths";

/** What stands on a tab: the last part of the path, and the folder where another tab has the same. */
export type Label = { readonly name: string; readonly folder?: string };

/** The labels of files, by id. */
export function labelsOf(files: readonly { readonly id: string; readonly name: string }[]): ReadonlyMap<string, Label> {
  const times = new Map<string, number>();
  for (const { name } of files) times.set(baseName(name), (times.get(baseName(name)) ?? 0) + 1);
  return new Map(
    files.map(({ id, name }) => {
      const base = baseName(name);
      const folder = folderOf(name).slice(0, -1);
      return [id, { name: base, ...((times.get(base) ?? 0) > 1 && folder !== "" ? { folder } : {}) }];
    }),
  );
}
