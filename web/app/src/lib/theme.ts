import { Store } from "./store";
import { forget, recall, remember } from "./storage";

/** What a person may choose. */
export type Theme = "system" | "light" | "dark";

const dark = matchMedia("(prefers-color-scheme: dark)");
const saved = recall("theme");

/** The chosen theme, remembered in this browser. */
export const theme = new Store<Theme>(saved === "light" || saved === "dark" ? saved : "system");

/** Chooses a theme. */
export function setTheme(choice: Theme): void {
  if (choice === "system") forget("theme");
  else remember("theme", choice);
  theme.set(choice);
}

function apply(): void {
  const choice = theme.get();
  const shown = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  document.documentElement.dataset["theme"] = shown;
}

theme.subscribe(apply);
dark.addEventListener("change", apply);
apply();
