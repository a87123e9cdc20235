import { useEffect } from "react";

/** What is hidden at the bottom must be at least so high, in pixels, to be a keyboard. */
const keyboard = 120;

/**
 * Keeps the room above the keyboard of a phone. Most browsers make the page smaller by themselves, as index.html asks
 * them to; on others the keyboard lies over it, and only the visual viewport tells.
 */
export function useVisualViewport(): void {
  useEffect(() => {
    const { visualViewport: seen } = window;
    if (seen === null) return;
    const fit = (): void => {
      const { style } = document.documentElement;
      const hidden = window.innerHeight - seen.height * seen.scale;
      if (seen.scale === 1 && hidden > keyboard) {
        style.setProperty("--page-height", `${Math.round(seen.height)}px`);
        scrollTo(0, 0);
      } else style.removeProperty("--page-height");
    };
    seen.addEventListener("resize", fit);
    return () => seen.removeEventListener("resize", fit);
  }, []);
}
