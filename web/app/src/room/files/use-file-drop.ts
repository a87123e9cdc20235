import { useEffect, useState } from "react";
import type { Dropped, Files } from "./files";

/** An element with this attribute names the folder into which files dropped on it go. */
export const folderAttribute = "data-drop-folder";

/** Takes files and folders that are dropped anywhere on the page; the answer is whether some are above it now. */
export function useFileDrop(files: Files): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const dragged = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Before the editor, which would write the file into the text.
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      const place = event.target instanceof Element ? event.target.closest(`[${folderAttribute}]`) : null;
      files.upload(droppedIn(event.dataTransfer), place?.getAttribute(folderAttribute) ?? "");
    };
    addEventListener("dragover", dragged, { capture: true });
    addEventListener("dragleave", left);
    addEventListener("drop", dropped, { capture: true });
    return () => {
      removeEventListener("dragover", dragged, { capture: true });
      removeEventListener("dragleave", left);
      removeEventListener("drop", dropped, { capture: true });
    };
  }, [files]);
  return over;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** What was dropped. The browser tells of folders only while the event is handled. */
function droppedIn(data: DataTransfer | null): Dropped {
  return [...(data?.items ?? [])].flatMap((item) => {
    if (item.kind !== "file") return [];
    const entry = item.webkitGetAsEntry();
    const one = entry?.isDirectory === true ? entry : item.getAsFile();
    return one === null ? [] : [one];
  });
}
