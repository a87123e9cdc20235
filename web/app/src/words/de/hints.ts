import type { Words } from "..";

export const hints: Words["hints"] = {
  title: "Hinweise",
  open: "Hinweise öffnen",
  hint: "Nach einem Hinweis fragen",
  error: "Den Fehler erklären",
  explain: "Den Code am Cursor erklären",
  review: "Die Datei durchsehen",
  explainThis: "Erklären",
};
