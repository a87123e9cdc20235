import type { Words } from "..";

export const frame: Words["frame"] = {
  close: "Schließen",
  shortcuts: "Tastenkürzel",
  views: "Ansichten",
  sideViews: "Seitenleiste",
  groups: {
    everywhere: "Überall",
    view: "Ansicht",
    files: "Dateien",
    editing: "Bearbeiten",
    running: "Ausführen",
    people: "Personen",
    room: "Raum",
  },
};
