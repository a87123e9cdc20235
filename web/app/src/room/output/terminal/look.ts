import type { ITheme } from "@xterm/xterm";

const names = [
  "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue", "brightMagenta", "brightCyan", "brightWhite",
] as const;

/** The page's colours, for the terminal. */
export function colours(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const theme: ITheme = {
    foreground: of("text"),
    background: of("surface"),
    cursor: of("accent"),
    cursorAccent: of("surface"),
    selectionBackground: of("select"),
    selectionInactiveBackground: of("select"),
    scrollbarSliderBackground: of("line"),
    scrollbarSliderHoverBackground: of("line-strong"),
    scrollbarSliderActiveBackground: of("field"),
  };
  for (const [i, name] of names.entries()) theme[name] = of(`ansi-${i}`);
  return theme;
}

/** The contrast that text has at least, whatever colours a program picks. */
export function leastContrast(): number {
  return document.documentElement.dataset["contrast"] === undefined ? 4.5 : 7;
}

/** Calls f when the page has got other colours; the answer ends it. */
export function onLook(f: () => void): () => void {
  const seen = new MutationObserver(f);
  seen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
  return () => seen.disconnect();
}
