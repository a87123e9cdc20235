/** Paths of files are names with "/" between their parts; a folder's ends with "/", and the root's is "". */

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(folderOf(path).length);
}

/** The folder that a file or a folder lies in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/", path.length - 2) + 1);
}

/** Whether a path lies in a folder, however deep. */
export function isIn(path: string, folder: string): boolean {
  return path.startsWith(folder) && path !== folder;
}

/** A file whose path changes. */
export type Move = { readonly id: string; readonly name: string };

type Named = { readonly id: string; readonly name: string };

/** What becomes of the files of a folder when the folder's path becomes another one. */
export function moveFolder(files: readonly Named[], from: string, to: string): readonly Move[] {
  if (from === to) return [];
  return files.filter(({ name }) => isIn(name, from)).map(({ id, name }) => ({ id, name: to + name.slice(from.length) }));
}

/** The path that something gets when it is put into a folder: a file's name or a folder's path. */
export function movedInto(path: string, folder: string): string {
  const base = path.endsWith("/") ? path.slice(folderOf(path).length) : baseName(path);
  return folder + base;
}

/** Whether something can be put into a folder: not where it is already, and no folder into itself. */
export function canMove(path: string, folder: string): boolean {
  if (folderOf(path) === folder) return false;
  return !(path.endsWith("/") && folder.startsWith(path));
}
