import type { Words } from "..";

export const run: Words["run"] = {
  output: "Ausgabe",
  commands: { run: "Programm ausführen", stop: "Programm anhalten", format: "Datei formatieren, wenn es einen Formatierer gibt" },
};
