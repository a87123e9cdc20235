import type { Words } from "..";

export const start: Words["start"] = {};
