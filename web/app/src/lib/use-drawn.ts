import { useLayoutEffect, useRef, type RefObject } from "react";
import type { Readable } from "./store";

/**
 * Draws into an element past React, at once and whenever one of the sources changes: for a few words that change with every
 * key, where rendering would cost more than the key. React must give the element no children and no attribute that draw sets.
 */
export function useDrawn<E extends Element>(draw: (element: E) => void, ...sources: readonly Pick<Readable<unknown>, "subscribe">[]): RefObject<E | null> {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    const again = (): void => {
      if (ref.current !== null) draw(ref.current);
    };
    again();
    const ends = sources.map((source) => source.subscribe(again));
    return () => {
      for (const end of ends) end();
    };
  });
  return ref;
}

/** Makes an element's text another one; the same text costs nothing. */
export function drawText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
