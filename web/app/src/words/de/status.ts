import type { Words } from "..";

export const status: Words["status"] = {
  commands: { saved: "Ist es gespeichert? (Immer.)" },
};
