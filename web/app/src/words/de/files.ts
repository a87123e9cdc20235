import type { Words } from "..";

export const files: Words["files"] = {};
