/** The part of a terminal that the guard needs: its size, and hooks into its parser. */
export type Guarded = {
  readonly rows: number;
  readonly cols: number;
  readonly parser: {
    registerCsiHandler(id: { prefix?: string; intermediates?: string; final: string }, f: (params: (number | number[])[]) => boolean): unknown;
    registerDcsHandler(id: { prefix?: string; intermediates?: string; final: string }, f: () => boolean): unknown;
    registerOscHandler(id: number, f: () => boolean): unknown;
    registerEscHandler(id: { intermediates?: string; final: string }, f: () => boolean): unknown;
  };
};

/** Titles, colours of the page's theme, links, notifications, the clipboard, and what else has been made of OSC. */
const oscs = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 50, 52, 104, 105, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 633, 777, 1337];

/** Questions. A page that watches must not answer: its answer would be typed into the program, once by every page. */
const questions = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { prefix: ">", final: "q" },
  { final: "t" }, // also: windows are nobody's but the user's
  { final: "x" },
] as const;

/** Modes in which moving a mouse, or the focus, would be typed into the program by everyone who only looks. */
const watching = new Set([9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016]);

/** Commands that a terminal repeats as often as told: two thousand million times, if nobody looks. */
const repeated = ["@", "b", "I", "L", "M", "P", "S", "T", "X", "Z"];

/**
 * Makes a terminal harmless for whatever a program prints: nothing is answered, nothing outside of the terminal's cells
 * is touched, and no short command takes long.
 */
export function guard(terminal: Guarded): void {
  const { parser } = terminal;
  const ignore = (): boolean => true;
  for (const id of oscs) parser.registerOscHandler(id, ignore);
  for (const id of questions) parser.registerCsiHandler(id, ignore);
  for (const intermediates of ["$", "+"]) parser.registerDcsHandler({ intermediates, final: "q" }, ignore);
  parser.registerEscHandler({ final: "Z" }, ignore);
  for (const final of ["h", "l"]) {
    parser.registerCsiHandler({ prefix: "?", final }, (params) => params.some((p) => typeof p === "number" && watching.has(p)));
  }
  const tooOften = (params: (number | number[])[]): boolean => params.flat().some((n) => n > Math.max(terminal.rows, terminal.cols));
  for (const final of repeated) parser.registerCsiHandler({ final }, tooOften);
  for (const final of ["@", "A"]) parser.registerCsiHandler({ intermediates: " ", final }, tooOften);
  for (const final of ["}", "~"]) parser.registerCsiHandler({ intermediates: "'", final }, tooOften);
}
