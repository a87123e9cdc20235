/** The twelve colours of people, as the page has them: on light and on dark ground. */
export const palette: readonly { readonly light: string; readonly dark: string }[] = [
  { light: "#0b62c4", dark: "#6cb0ff" },
  { light: "#bd3f0a", dark: "#ff9a62" },
  { light: "#0c6f67", dark: "#4fd1b8" },
  { light: "#7438d9", dark: "#b79bff" },
  { light: "#865a06", dark: "#e8b949" },
  { light: "#ad2277", dark: "#f58cc7" },
  { light: "#4a5568", dark: "#a9b8cc" },
  { light: "#0c6e8c", dark: "#5ccbe8" },
  { light: "#47720d", dark: "#a8d45c" },
  { light: "#b81239", dark: "#ff8b9a" },
  { light: "#3d38ad", dark: "#9aa4ff" },
  { light: "#774729", dark: "#d3a583" },
];

/** A colour of the palette. */
export function colorOf(index: number): { readonly light: string; readonly dark: string } {
  return palette[((index % palette.length) + palette.length) % palette.length] as { light: string; dark: string };
}
