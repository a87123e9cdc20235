/** A place in a file that a line of output names. */
export type Place = {
  /** The file as the line has it. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly message?: string;
  /** What of the line names the place: it can be clicked. */
  readonly from: number;
  readonly to: number;
};

/** Lines that are longer name no place: patterns of languages are tried on whatever a program prints. */
const longest = 600;

/** The error patterns of a language. */
export class Patterns {
  private readonly list: readonly RegExp[];

  constructor(patterns: readonly string[]) {
    this.list = patterns.map(toRegExp).filter((p) => p !== undefined);
  }

  /** The place that a line names, by the first pattern that knows it. The line has no colours in it. */
  in(text: string): Place | undefined {
    if (text.length > longest) return undefined;
    for (const pattern of this.list) {
      const match = pattern.exec(text);
      const groups = match?.groups;
      const file = groups?.["file"];
      const line = Number(groups?.["line"]);
      if (match === null || file === undefined || !Number.isSafeInteger(line) || line < 1) continue;
      const column = Number(groups?.["column"]);
      const message = groups?.["message"]?.trim();
      const spots = ["file", "line", "column"].map((name) => match.indices?.groups?.[name]).filter((spot) => spot !== undefined);
      return {
        file,
        line,
        ...(Number.isSafeInteger(column) && column > 0 ? { column } : {}),
        ...(message === undefined || message === "" ? {} : { message }),
        from: Math.min(...spots.map(([from]) => from)),
        to: Math.max(...spots.map(([, to]) => to)),
      };
    }
    return undefined;
  }
}

/** A pattern as Go writes it, for JavaScript; undefined when it cannot be one. */
export function toRegExp(pattern: string): RegExp | undefined {
  const [, flags = "", rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  try {
    return new RegExp(rest.replaceAll("(?P<", "(?<").replaceAll("\\z", "$").replaceAll("\\A", "^"), `d${flags}`);
  } catch {
    return undefined;
  }
}

/** What is for the eyes of a terminal only: colours, titles, movements. */
const [esc, bell] = [String.fromCharCode(27), String.fromCharCode(7)];
const escapes = new RegExp(`${esc}\\[[0-?]*[ -/]*[@-~]|${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)|${esc}[ -/]*[0-~]`, "g");

/** A program's output as plain lines. What a lone carriage return has overwritten is gone, as in a terminal. */
export function plainLines(output: string): string[] {
  return output
    .replace(escapes, "")
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").replace(/^[^]*\r/, ""));
}
