import type { IBufferLine, ILink, ILinkProvider, Terminal } from "@xterm/xterm";

/** A part of a line that can be clicked. */
export type Link = { readonly from: number; readonly to: number; readonly go: () => void };

/** More rows than these are not looked at as one line. */
const mostRows = 12;

/** Finds the places that a terminal's lines name. A line that takes several rows is one line. */
export function placeLinks(terminal: Terminal, find: (line: string) => Link | undefined): ILinkProvider {
  return {
    provideLinks(y, give) {
      const buffer = terminal.buffer.active;
      let first = y - 1;
      while (first > 0 && y - first < mostRows && buffer.getLine(first)?.isWrapped === true) first--;
      let text = "";
      // The cell of each unit of the text.
      const cells: { readonly x: number; readonly y: number }[] = [];
      for (let row = first; row < first + mostRows; row++) {
        const line = buffer.getLine(row);
        if (line === undefined || (row > first && !line.isWrapped)) break;
        text += read(line, row, cells);
      }
      const link = find(text.trimEnd());
      const start = link && cells[link.from];
      const end = link && cells[link.to - 1];
      if (link === undefined || start === undefined || end === undefined) give(undefined);
      else give([clickable(text, link, start, end)]);
    },
  };
}

function read(line: IBufferLine, y: number, cells: { x: number; y: number }[]): string {
  let text = "";
  for (let x = 0; x < line.length; x++) {
    const cell = line.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const characters = cell.getChars() || " ";
    for (let i = 0; i < characters.length; i++) cells.push({ x: x + 1, y: y + 1 });
    text += characters;
  }
  return text;
}

function clickable(text: string, { from, to, go }: Link, start: ILink["range"]["start"], end: ILink["range"]["end"]): ILink {
  return { range: { start, end }, text: text.slice(from, to), activate: () => go() };
}
