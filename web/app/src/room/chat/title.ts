import type { Readable } from "../../lib/store";

/** Puts a number in front of the page's title, whoever else changes that; the answer takes it away. */
export function markTitle(number: Readable<number>): () => void {
  const mark = (n: number): void => {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const wanted = n > 0 ? `(${n}) ${plain}` : plain;
    if (document.title !== wanted) document.title = wanted;
  };
  const observer = new MutationObserver(() => mark(number.get()));
  const title = document.querySelector("title");
  if (title !== null) observer.observe(title, { childList: true, characterData: true, subtree: true });
  const end = number.subscribe(() => mark(number.get()));
  return () => {
    end();
    observer.disconnect();
    mark(0);
  };
}
