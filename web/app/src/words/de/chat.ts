import type { Words } from "..";

export const chat: Words["chat"] = {};
