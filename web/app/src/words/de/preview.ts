import type { Words } from "..";

export const preview: Words["preview"] = {};
