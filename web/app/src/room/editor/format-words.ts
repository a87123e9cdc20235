/** What a formatter has to say, with the line of the text where that is known. */
export type FormatProblem = { readonly line?: number; readonly column?: number; readonly words: string };

/** How formatters write places in what they read from standard input. */
const places = [
  /(?:<standard input>|<stdin>|\(stdin\)|\[stdin\]|\bstdin|standard input|(?:^|\s)-|[\w.+/-]+\.\w+):(?<line>\d+)(?::(?<column>\d+))?:?\s*(?<words>.*)/i,
  /(?<words>.*?)[\s,(]*\bline (?<line>\d+)(?:[,:]? col(?:umn)?\.? (?<column>\d+))?/i,
  /(?<words>.*?)\s*\((?<line>\d+):(?<column>\d+)\)/,
  /:\s*(?<line>\d+):(?<column>\d+):?\s*(?<words>.*)/,
];

/** The first place that a formatter names, and its words without it. */
export function formatProblem(message: string): FormatProblem {
  for (const pattern of places) {
    for (const text of message.split("\n")) {
      const groups = pattern.exec(text)?.groups;
      const line = Number(groups?.["line"]);
      if (groups === undefined || !Number.isSafeInteger(line) || line < 1) continue;
      const column = Number(groups["column"]);
      const words = (groups["words"] ?? "").trim() || text.trim();
      return { line, words, ...(Number.isSafeInteger(column) && column > 0 ? { column } : {}) };
    }
  }
  return { words: message.trim().split("\n")[0] ?? "" };
}
