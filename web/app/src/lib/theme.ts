import { Store } from "./store";
import { forget, recall, remember } from "./storage";

/** What a person may choose. "contrast" is black on white or white on black, whichever the system prefers. */
export type Theme = "system" | "light" | "dark" | "contrast";

const dark = matchMedia("(prefers-color-scheme: dark)");
const more = matchMedia("(prefers-contrast: more)");
const saved = recall("theme");

/** The chosen theme, remembered in this browser. */
export const theme = new Store<Theme>(saved === "light" || saved === "dark" || saved === "contrast" ? saved : "system");

/** Chooses a theme. */
export function setTheme(choice: Theme): void {
  if (choice === "system") forget("theme");
  else remember("theme", choice);
  theme.set(choice);
}

/** Does what public/theme.js did before the first paint. */
function apply(): void {
  const choice = theme.get();
  const { dataset } = document.documentElement;
  dataset["theme"] = choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light";
  if (choice === "contrast" || more.matches) dataset["contrast"] = "more";
  else delete dataset["contrast"];
  const bar = getComputedStyle(document.documentElement).getPropertyValue("--bg").trim();
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) meta.content = bar || meta.content;
}

theme.subscribe(apply);
dark.addEventListener("change", apply);
more.addEventListener("change", apply);
apply();
