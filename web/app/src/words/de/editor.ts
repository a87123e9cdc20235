import type { Words } from "..";

export const editor: Words["editor"] = {};
