import { useEffect, useRef, type ReactNode } from "react";
import { useStore } from "../../../lib/store";
import { words } from "../../../words";
import { useSession } from "../../context";
import { useFiles, useFileText } from "../use-text";
import { colour } from "./colour";
import { headingOf, render } from "./render";

/** A Markdown file as it looks, following what is typed. */
export function MarkdownView({ file, name }: { readonly file: string; readonly name: string }): ReactNode {
  const session = useSession();
  const text = useFileText(file, 120);
  const files = useFiles(1000);
  const { preview } = useStore(words);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    let ended = false;
    const drawn = render(text, { name, file: (wanted) => files.get(wanted), words: preview });
    void colour(drawn)
      .catch(() => undefined) // the words are there, only their colours are not
      .then(() => {
        if (ended) return;
        const { scrollTop } = current;
        current.replaceChildren(drawn);
        current.scrollTop = scrollTop;
      });
    return () => {
      ended = true;
    };
  }, [text, files, name, preview]);
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    // Links to places in the text, and to files of the room; all others are the browser's.
    const click = (event: Event): void => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const hash = link?.getAttribute("href") ?? "";
      if (link === null || !hash.startsWith("#")) return;
      event.preventDefault();
      const target = session.client.view().files.find((f) => f.name === link.dataset["file"]);
      if (target !== undefined) session.show(target.id);
      else headingOf(current, hash)?.scrollIntoView({ block: "start" });
    };
    current.addEventListener("click", click);
    return () => current.removeEventListener("click", click);
  }, [session]);

  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
  return <div className="markdown" ref={frame} tabIndex={0} role="document" aria-label={preview.of(name)} />;
}
