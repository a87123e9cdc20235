import type { Words } from "..";

export const hints: Words["hints"] = {};
