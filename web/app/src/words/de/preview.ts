import type { Words } from "..";

export const preview: Words["preview"] = {
  title: "Vorschau",
  none: "Es gibt nichts, wovon eine Vorschau möglich wäre.",
  noneHint: "Dateien, die auf .md, .html oder .svg enden, erscheinen hier so, wie sie aussehen.",
  of: (name) => `Vorschau von ${name}`,
  reload: "Vorschau neu laden",
  live: "Änderungen folgen",
  console: "Konsole",
  consoleEmpty: "Was die Seite auf ihre Konsole schreibt, und ihre Fehler, stehen hier.",
  clear: "Konsole leeren",
  omitted: (n) => (n === 1 ? "1 weitere Zeile" : `${n} weitere Zeilen`),
  stuck: "Die Seite antwortet nicht. Vielleicht ist sie in einer Endlosschleife.",
  stop: "Anhalten",
  stopped: "Die Seite ist angehalten.",
  start: "Wieder starten",
  outside: (address) => `${address} wird nicht geöffnet: aus einer Vorschau führt kein Weg aus dem Raum.`,
  noNetwork: (address) => `${address} wurde nicht geladen: eine Vorschau hat kein Netz. Es gibt nur die Dateien des Raums.`,
  ticked: "erledigt",
  open: "offen",
  image: (alt) => `Bild: ${alt}`,
  commands: { toggle: "Vorschau zeigen oder verbergen" },
};
