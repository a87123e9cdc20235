import type { ComponentType } from "react";

/** A part of the room's settings that belongs to another area: who may come in, for example. */
export type SettingsPart = { readonly id: string; readonly view: ComponentType };

/** The parts that other areas add, in their order. Each brings its own heading (h3). They are loaded with the dialog. */
export const settingsParts: readonly SettingsPart[] = [];
