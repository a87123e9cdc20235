/* oxlint-disable import/no-unassigned-import -- styles */
import type { RoomSession } from "./session";
import "./print.css";

function sheetOf({ client, file, room }: RoomSession): HTMLElement | undefined {
  const { files, title } = client.view();
  const shown = files.find(({ id }) => id === file.get());
  if (shown === undefined) return undefined;
  const sheet = element("section", "print-sheet", "");
  sheet.ariaHidden = "true";
  sheet.append(element("h1", "", shown.name), element("p", "", title || room));
  const list = element("ol", "", "");
  for (const line of client.text(shown.id).iterLines()) list.append(element("li", "", line));
  sheet.append(list);
  return sheet;
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

/**
 * Makes printing give the file that is shown: its name, and all of its lines with their numbers, of which the editor has
 * only some at a time. Returns what ends it.
 */
export function printsFiles(session: RoomSession): () => void {
  let sheet: HTMLElement | undefined;
  const before = (): void => {
    sheet?.remove();
    sheet = sheetOf(session);
    if (sheet !== undefined) document.body.append(sheet);
  };
  const after = (): void => sheet?.remove();
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    after();
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
}
