import type { Overview } from "./api";

/** The colours that the timeline is drawn in. */
export type Palette = { readonly people: readonly string[]; readonly surface: string; readonly line: string; readonly text: string; readonly go: string; readonly stop: string; readonly font: string };

/** Where marks of runs are, above the bars. */
export const marksHeight = 14;
/** The names of the patterns that tell writers apart without colours. */
export const patterns = ["plain", "rising", "dots", "level", "falling", "grid"] as const;

/** The place of a version on a line of some width. */
export function placeOf(version: number, last: number, width: number): number {
  return last <= 1 ? 0 : ((version - 1) / (last - 1)) * width;
}

/** The version at a place. */
export function versionAt(x: number, last: number, width: number): number {
  if (last <= 1 || width <= 0) return last;
  return Math.max(1, Math.min(last, Math.round((x / width) * (last - 1)) + 1));
}

/** How high a bar is, of 1; small amounts are seen beside large ones. */
export function heightOf(units: number, most: number): number {
  return units <= 0 || most <= 0 ? 0 : Math.max(0.06, Math.sqrt(units / most));
}

/** The size of a picture, and how the length of a pause is said. */
export type Frame = { readonly width: number; readonly height: number; readonly pause: (ms: number) => string };

/** Draws a history: bars of what each wrote, marks of runs, lines where nothing happened for long. */
export function draw(canvas: HTMLCanvasElement, overview: Overview, palette: Palette, frame: Frame): void {
  const { width, height } = frame;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  if (pen === null || overview.version === 0) return;
  pen.scale(scale, scale);
  drawBars(pen, overview, palette, width, height);
  drawGaps(pen, overview, palette, frame);
  drawRuns(pen, overview, palette, width);
}

function drawBars(pen: CanvasRenderingContext2D, { buckets, people, version: last }: Overview, palette: Palette, width: number, height: number): void {
  const sums = buckets.map(({ by }) => by.reduce((sum, [, inserted, deleted]) => sum + inserted + deleted, 0));
  const most = Math.max(...sums, 1);
  const fills = people.map(({ color }, i) => fillOf(pen, palette.people[color] ?? palette.text, palette.surface, i));
  buckets.forEach(({ from, to, by }, i) => {
    const left = placeOf(from - 0.5, last, width);
    const wide = Math.max(1, placeOf(to + 0.5, last, width) - left);
    const high = heightOf(sums[i] ?? 0, most) * (height - marksHeight);
    let bottom = height;
    for (const [person, inserted, deleted] of by) {
      const part = (high * (inserted + deleted)) / Math.max(1, sums[i] ?? 0);
      pen.fillStyle = fills[person] ?? palette.text;
      pen.fillRect(left, bottom - part, wide > 4 ? wide - 1 : wide, part);
      bottom -= part;
    }
  });
}

/** The colour of a person with the pattern of their place in the list. */
function fillOf(pen: CanvasRenderingContext2D, color: string, back: string, index: number): string | CanvasPattern {
  const pattern = patterns[index % patterns.length] ?? "plain";
  if (pattern === "plain") return color;
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const ink = tile.getContext("2d");
  if (ink === null) return color;
  ink.fillStyle = color;
  ink.fillRect(0, 0, 8, 8);
  ink.strokeStyle = back;
  ink.fillStyle = back;
  ink.lineWidth = 1.6;
  strokes(ink, pattern);
  return pen.createPattern(tile, "repeat") ?? color;
}

function strokes(ink: CanvasRenderingContext2D, pattern: (typeof patterns)[number]): void {
  ink.beginPath();
  if (pattern === "dots") {
    ink.arc(4, 4, 1.7, 0, 7);
    ink.fill();
    return;
  }
  if (pattern === "rising") for (const x of [-8, 0, 8]) line(ink, x, 8, x + 8, 0);
  if (pattern === "falling") for (const x of [-8, 0, 8]) line(ink, x, 0, x + 8, 8);
  if (pattern === "level" || pattern === "grid") line(ink, 0, 4, 8, 4);
  if (pattern === "grid") line(ink, 4, 0, 4, 8);
  ink.stroke();
}

function line(ink: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  ink.moveTo(x, y);
  ink.lineTo(toX, toY);
}

/** How far apart the words for two pauses are, and how far from the end. */
const labelRoom = 72;

function drawGaps(pen: CanvasRenderingContext2D, { gaps, version: last }: Overview, palette: Palette, { width, height, pause }: Frame): void {
  const at = (version: number): number => Math.round(placeOf(version - 0.5, last, width)) + 0.5;
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  for (const { version } of gaps) line(pen, at(version), marksHeight, at(version), height);
  pen.stroke();
  pen.setLineDash([]);
  pen.font = palette.font;
  pen.fillStyle = palette.text;
  const labelled: number[] = [];
  for (const { version, length } of gaps.toSorted((a, b) => b.length - a.length)) {
    const x = at(version);
    if (x > width - labelRoom || labelled.some((other) => Math.abs(other - x) < labelRoom)) continue;
    labelled.push(x);
    pen.fillText(pause(length), x + 4, marksHeight + 9);
  }
}

/** A run is a dot, and a cross when it failed. Where they are too many they melt into a line. */
function drawRuns(pen: CanvasRenderingContext2D, { runs, version: last }: Overview, palette: Palette, width: number): void {
  const y = marksHeight / 2;
  for (const { version, outcome, code } of runs) {
    const x = Math.max(4, Math.min(width - 4, placeOf(version, last, width)));
    pen.beginPath();
    if (outcome === undefined || (outcome === "exited" && code === 0)) {
      pen.fillStyle = palette.go;
      pen.arc(x, y, 3, 0, 7);
      pen.fill();
    } else {
      pen.strokeStyle = palette.stop;
      pen.lineWidth = 1.8;
      line(pen, x - 3, y - 3, x + 3, y + 3);
      line(pen, x - 3, y + 3, x + 3, y - 3);
      pen.stroke();
    }
  }
}

/** The colours as the theme has them now. */
export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    people: Array.from({ length: 12 }, (_, i) => read(`--p${i}`)),
    surface: read("--surface"),
    line: read("--field"),
    text: read("--text-2"),
    go: read("--go"),
    stop: read("--stop"),
    font: `11px ${read("--sans")}`,
  };
}
