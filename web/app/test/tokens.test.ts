import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Tokens = ReadonlyMap<string, string>;

const css = readFileSync(new URL("../src/ui/tokens.css", import.meta.url), "utf8");

/** The colours of the blocks whose selectors fit, later ones over earlier ones, as a browser has it. */
function tokens(dark: boolean, contrast: boolean): Tokens {
  const found = new Map<string, string>();
  for (const [, selector = "", body = ""] of css.matchAll(/^(:root[^{]*)\{([^}]*)\}/gm)) {
    if ((selector.includes("dark") && !dark) || (selector.includes("contrast") && !contrast)) continue;
    for (const [, name = "", value = ""] of body.matchAll(/--([\w-]+):\s*([^;]+);/g)) found.set(name, value);
  }
  return found;
}

/** Relative luminance, as WCAG defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(all: Tokens, front: string, back: string): number {
  const [a, b] = [front, back].map((name) => luminance(all.get(name) ?? "")).sort((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
}

const people = Array.from({ length: 12 }, (_, i) => `p${i}`);
const read: readonly (readonly [string, readonly string[]])[] = [
  ["text", ["bg", "surface", "sunken", "raised", "accent-soft", "warn-soft", "go-soft", "stop-soft", "select", "match"]],
  ["text-2", ["bg", "surface", "sunken", "raised"]],
  ["text-3", ["bg", "surface", "sunken", "raised"]],
  ...["accent", "go", "stop", "warn"].map((name) => [name, ["surface", "bg", "raised"]] as const),
  ...["accent", "go", "stop"].map((name) => [`on-${name}`, [name]] as const),
  ["warn", ["warn-soft"]],
  ...["keyword", "string", "number", "comment", "function", "type", "constant", "invalid"].map((name) => [`syn-${name}`, ["surface"]] as const),
  ["on-person", people],
];
const seen: readonly (readonly [string, readonly string[]])[] = [["field", ["surface", "raised"]], ...people.map((p) => [p, ["surface"]] as const)];

test.each([
  ["light", false, false, 4.5],
  ["dark", true, false, 4.5],
  ["high contrast, light", false, true, 7],
  ["high contrast, dark", true, true, 7],
] as const)("contrast of the tokens: %s", (_, dark, contrast, least) => {
  const all = tokens(dark, contrast);
  const weak = (pairs: typeof read, limit: number): string[] =>
    pairs.flatMap(([front, backs]) => backs.map((back) => ({ front, back, is: ratio(all, front, back) })))
      .filter(({ is }) => !(is >= limit))
      .map(({ front, back, is }) => `${front} on ${back}: ${is.toFixed(2)}`);
  expect(weak(read, least)).toEqual([]);
  expect(weak(seen, 3)).toEqual([]);
});
