import type { ClientFile, RoomView } from "@codecollab/client";

/** How a file can be previewed. */
export type Kind = "markdown" | "html";

/** How a file can be previewed, by its name; undefined when it cannot. */
export function kindOf(name: string): Kind | undefined {
  if (/\.(md|markdown)$/i.test(name)) return "markdown";
  return /\.(html?|svg)$/i.test(name) ? "html" : undefined;
}

/** Whether a room has anything to preview. */
export function hasPreview(view: RoomView): boolean {
  return view.files.some(({ name }) => kindOf(name) !== undefined);
}

/** The file to preview: the one that is edited if it can be, else the one of before, else a page's usual beginning. */
export function targetOf(files: readonly ClientFile[], shown: string | undefined, before: string | undefined): ClientFile | undefined {
  const able = files.filter(({ name }) => kindOf(name) !== undefined);
  const named = (pattern: RegExp): ClientFile | undefined => able.find(({ name }) => pattern.test(name));
  return able.find(({ id }) => id === shown) ?? able.find(({ id }) => id === before) ?? named(/(^|\/)index\.html?$/i) ?? named(/(^|\/)readme\.md$/i) ?? able[0];
}
