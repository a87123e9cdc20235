/** The first rows of a table in CSV (RFC 4180; also with semicolons or tabs), at most so many rows and columns. */
export function parseCsv(text: string, rows: number, columns: number): { readonly table: string[][]; readonly more: boolean } {
  const separator = separatorOf(text);
  const table: string[][] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length && table.length < rows) {
    const row: string[] = [];
    for (;;) {
      const [cell, end] = text[at] === '"' ? quoted(text, at + 1, separator) : plain(text, at, separator);
      if (row.length < columns) row.push(cell);
      at = end + 1;
      if (text[end] !== separator) break;
    }
    table.push(row);
  }
  return { table, more: at < text.length };
}

function separatorOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/));
  const best = [",", ";", "\t"].map((s) => ({ s, n: line.split(s).length })).sort((a, b) => b.n - a.n)[0];
  return best?.s ?? ",";
}

/** A cell, and the place of what ends it. */
function plain(text: string, at: number, separator: string): [string, number] {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
  return [text.slice(at, end).replace(/\r$/, ""), end];
}

function quoted(text: string, at: number, separator: string): [string, number] {
  let cell = "";
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [cell + text.slice(at), text.length];
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const [rest, end] = plain(text, quote + 1, separator);
      return [cell + rest, end];
    }
    cell += '"';
    at = quote + 2;
  }
}
