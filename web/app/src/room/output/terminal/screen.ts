/* oxlint-disable import/no-unassigned-import -- styles */
import type { RunView, wire } from "@codecollab/client";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { bytes } from "../../../lib/format";
import { words } from "../../../words";
import { guard } from "./guard";
import { Keys } from "./keys";
import { placeLinks, type Link } from "./links";
import { colours, leastContrast, onLook } from "./look";
import { Marks, type Typist } from "./marks";
import { condense, Reader } from "./reader";

/** What the page does for a screen. */
export type ScreenHost = {
  /** Something was typed for the program that is shown. */
  input(data: string): void;
  /** The panel has room for so many characters. */
  fits(size: wire.Size): void;
  /** The text was changed. */
  written(): void;
  /** Whether the end is in view. */
  scrolled(atEnd: boolean): void;
  typist(person: string): Typist;
  /** The place in a file of the room that a line of a run's output names. */
  place(run: RunView, line: string): Link | undefined;
};

type Cell = { readonly width: number; readonly height: number };

const scrollback = 5000;
const fontSize = 13;
const smallestFont = 9;
/** So much is written at a time, in pieces between which xterm lets the page breathe, and then there is a pause. */
const budget = 8 * 1024;
const piece = 2 * 1024;
const pause = { flood: 60, end: 10 };

const hideCursor = "\u001b[?25l";

/** The terminal of the output panel. It shows one run at a time, and stays when another one is shown. */
export class Screen {
  private readonly terminal: Terminal;
  private readonly marks: Marks;
  private readonly keys: Keys;
  private readonly ends: (() => void)[] = [];
  private reader = new Reader();
  private run: RunView | undefined;
  private shown = "";
  private busy = false;
  private again = false;
  /** Set when the terminal has forgotten lines of a run that goes on. */
  private overflowed = false;
  private condensed: { readonly from: readonly wire.Chunk[]; readonly chunks: readonly wire.Chunk[] } | undefined;
  /** Whether the program prints bare line feeds; decided at the first one. */
  private bare: boolean | undefined;
  private ended = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private room: wire.Size | undefined;
  /** The size of a character now, measured when it changes: to measure costs a layout. */
  private sizedAs = "";
  private drawnCell: Cell | undefined;

  /** frame is the element that the terminal fills; layer lies over its rows. */
  constructor(
    private readonly frame: HTMLElement,
    parent: HTMLElement,
    layer: HTMLElement,
    private readonly host: ScreenHost,
  ) {
    Terminal.strings.promptLabel = words.get().run.terminalLabel;
    const terminal = new Terminal({
      scrollback,
      fontSize,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
      lineHeight: 1.35,
      theme: colours(),
      minimumContrastRatio: leastContrast(),
      drawBoldTextInBrightColors: false,
      altClickMovesCursor: false,
      scrollOnEraseInDisplay: true,
      cursorStyle: "bar",
      cursorWidth: 2,
      cursorInactiveStyle: "outline",
      disableStdin: true,
      linkHandler: { activate: () => {} },
      logLevel: "off",
    });
    this.terminal = terminal;
    guard(terminal);
    terminal.open(parent);
    terminal.textarea?.removeAttribute("aria-multiline");
    this.marks = new Marks(terminal, layer, host.typist);
    this.keys = new Keys(terminal);
    terminal.registerLinkProvider(placeLinks(terminal, (line) => this.run && host.place(this.run, line)));
    terminal.onData((data) => this.accepts() && host.input(data));
    terminal.onRender(() => this.draw());
    terminal.onScroll(() => this.tellScroll());
    const seen = new ResizeObserver(() => this.fit());
    seen.observe(frame);
    this.ends.push(
      () => seen.disconnect(),
      () => clearTimeout(this.timer),
      onLook(() => {
        terminal.options.theme = colours();
        terminal.options.minimumContrastRatio = leastContrast();
      }),
    );
    void document.fonts.ready.then(() => {
      this.sizedAs = "";
      if (!this.closed) this.fit();
    });
    this.fit();
  }

  /** Shows a run as it is now; the same run again adds what is new. */
  show(run: RunView | undefined): void {
    const key = run === undefined ? "" : `${run.run}/${run.attempt ?? 1}`;
    if (key !== this.shown) this.reset();
    this.shown = key;
    this.run = run;
    this.keys.accepting = this.accepts();
    this.terminal.options.disableStdin = !this.keys.accepting;
    this.terminal.options.cursorBlink = run?.state === "waiting";
    this.sized();
    this.pump();
  }

  /** Forgets what was printed so far. */
  clear(): void {
    this.terminal.clear();
    this.marks.clear();
    this.host.written();
  }

  focus(): void {
    this.terminal.focus();
  }

  toEnd(): void {
    this.terminal.scrollToBottom();
    this.tellScroll();
  }

  /** What the terminal shows and remembers, as text. With marks, lines say who typed them. */
  text(most = scrollback * 2, marked = false): string {
    const buffer = this.terminal.buffer.active;
    const typists = marked ? this.marks.typists() : undefined;
    const lines: string[] = [];
    for (let y = Math.max(0, buffer.length - most); y < buffer.length; y++) {
      const line = buffer.getLine(y);
      if (line === undefined) continue;
      const text = line.translateToString(!(buffer.getLine(y + 1)?.isWrapped ?? false));
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
      const typist = typists?.get(y);
      if (typist !== undefined) lines[lines.length - 1] += ` (${words.get().run.typedBy(typist.name)})`;
    }
    return lines.join("\n").trimEnd();
  }

  close(): void {
    this.closed = true;
    for (const end of this.ends) end();
    this.terminal.dispose();
  }

  private accepts(): boolean {
    const { run } = this;
    return run?.terminal !== undefined && (run.state === "running" || run.state === "waiting");
  }

  private reset(): void {
    this.terminal.reset();
    this.marks.clear();
    this.reader = new Reader();
    this.overflowed = false;
    this.bare = undefined;
    this.ended = false;
    this.condensed = undefined;
  }

  /** The chunks to show: of a run that has ended only so many lines that the terminal can remember them. */
  private chunks(run: RunView): readonly wire.Chunk[] {
    if (run.finish === undefined) return run.output;
    if (this.condensed?.from !== run.output) this.condensed = { from: run.output, chunks: condense(run.output, scrollback) };
    return this.condensed.chunks;
  }

  /** Writes what is new, a part at a time; what comes meanwhile waits, and what has waited too long is left out. */
  private pump(): void {
    const { run } = this;
    if (run === undefined || this.closed) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    const chunks = this.chunks(run);
    // A run that has ended is shown from its beginning when the terminal has lost it, or when it was kept in another way.
    if (run.finish !== undefined && !this.ended && (this.overflowed || run.omitted > 0 || chunks !== run.output)) {
      this.reset();
      this.condensed = { from: run.output, chunks };
    }
    let steps = this.reader.next(chunks, budget);
    if (steps === undefined) {
      this.reset();
      steps = this.reader.next(chunks, budget) ?? [];
    }
    if (run.finish !== undefined) this.ended = true;
    if (steps.length === 0) {
      if (run.finish !== undefined) this.end(run);
      return;
    }
    this.busy = true;
    this.again = true;
    const { shown } = this;
    for (const step of steps) {
      if (step.kind === "text") this.put(run, step.stream, step.data);
      else if (step.kind === "gap") this.terminal.write(`\u001b[0m\u001b[?1049l\r\n\u001b[2m… ${words.get().run.omitted(bytes(step.omitted))} …\u001b[0m\r\n`);
      else this.terminal.write("", () => shown === this.shown && this.marks.typed(step.person));
    }
    const length = steps.reduce((n, step) => n + (step.kind === "text" ? step.data.length : 0), 0);
    this.terminal.write("", () => this.wrote(length < budget ? 0 : run.finish === undefined ? pause.flood : pause.end));
  }

  private wrote(wait: number): void {
    if (this.closed) return;
    this.overflowed ||= this.terminal.buffer.normal.length >= scrollback + this.terminal.rows;
    this.host.written();
    this.timer = setTimeout(() => {
      this.busy = false;
      if (!this.again) return;
      this.again = false;
      this.pump();
    }, wait);
  }

  private put(run: RunView, stream: string, data: string): void {
    const text = this.lineEnds(run, stream, data);
    let done = (): void => {};
    if (stream !== "stdout") this.terminal.write("", () => (done = this.marks.begin(stream)));
    for (let at = 0; at < text.length; at += piece) this.terminal.write(text.slice(at, at + piece));
    if (stream !== "stdout") this.terminal.write("", () => done());
  }

  /** A terminal's driver makes line feeds begin a line; where there is none, they are made to here. */
  private lineEnds(run: RunView, stream: string, data: string): string {
    const at = data.indexOf("\n");
    if (stream !== "compile" && at >= 0) this.bare ??= run.request.terminal === undefined || data[at - 1] !== "\r";
    return stream === "compile" || this.bare === true ? data.replace(/\r?\n/g, "\r\n") : data;
  }

  private end(run: RunView): void {
    this.terminal.write(`\u001b[0m${hideCursor}`, () => {
      // The first of a compiler's complaints is the one to read.
      if (run.finish?.stage === "compile" && run.output.length > 0) this.terminal.scrollToTop();
      this.tellScroll();
      this.host.written();
    });
  }

  private fit(): void {
    const { terminal, frame } = this;
    const cell = this.cell(fontSize);
    if (cell === undefined || frame.offsetWidth === 0) return;
    const style = getComputedStyle(frame.querySelector(".terminal-parent") ?? frame);
    // Not the inner size, which is less while the terminal is still too large for the panel, and scrolls.
    const width = frame.offsetWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const height = frame.offsetHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
    const cols = Math.max(20, Math.min(500, Math.floor(width / cell.width)));
    const rows = Math.max(4, Math.min(200, Math.floor(height / cell.height)));
    const atEnd = terminal.buffer.active.viewportY >= terminal.buffer.active.baseY;
    this.room = { rows, cols };
    this.host.fits(this.room);
    this.sized();
    if (atEnd) terminal.scrollToBottom();
  }

  /** A run that goes on has the size of its program's terminal; everything else that of the panel. */
  private sized(): void {
    const { room, run, terminal } = this;
    if (room === undefined) return;
    const size = run?.finish === undefined && run?.terminal !== undefined ? run.terminal : room;
    const key = JSON.stringify([room, size]);
    if (key === this.sizedAs) return;
    this.sizedAs = key;
    // What is too large for this panel is drawn smaller, as long as it can be read.
    const share = Math.min(1, room.cols / size.cols, Math.max(0.8, room.rows / size.rows));
    const font = Math.max(smallestFont, Math.floor(fontSize * share * 2) / 2);
    if (terminal.options.fontSize !== font) terminal.options.fontSize = font;
    if (terminal.rows !== size.rows || terminal.cols !== size.cols) terminal.resize(size.cols, size.rows);
    this.drawnCell = this.cell();
    this.draw();
  }

  /** The size of a character, in pixels, in a size of the font. */
  private cell(font = this.terminal.options.fontSize ?? fontSize): Cell | undefined {
    const { terminal } = this;
    const screen = terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    if (!screen || screen.offsetWidth === 0) return undefined;
    const scale = font / (terminal.options.fontSize ?? fontSize);
    return { width: (screen.offsetWidth / terminal.cols) * scale, height: (screen.offsetHeight / terminal.rows) * scale };
  }

  private draw(): void {
    const cell = this.drawnCell;
    if (cell === undefined) return;
    this.marks.draw(cell);
    this.follow(cell.height);
  }

  /** Where the terminal is higher than the panel, the line of the cursor stays in view. */
  private follow(height: number): void {
    const { frame, terminal } = this;
    if (this.room === undefined || terminal.rows <= this.room.rows) return;
    const bottom = (terminal.buffer.active.cursorY + 2) * height;
    if (bottom > frame.scrollTop + frame.clientHeight || bottom < frame.scrollTop) frame.scrollTop = bottom - frame.clientHeight;
  }

  private tellScroll(): void {
    const { viewportY, baseY } = this.terminal.buffer.active;
    this.host.scrolled(viewportY >= baseY);
  }
}
