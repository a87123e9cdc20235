import type { Peer } from "@codecollab/client";
import { EditorSelection, StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { layer, RectangleMarker, ViewPlugin, type EditorView, type LayerMarker, type ViewUpdate } from "@codemirror/view";

/** Somebody else's caret in this file. */
export type RemoteCaret = {
  readonly session: string;
  readonly name: string;
  readonly color: number;
  readonly anchor: number;
  readonly head: number;
  /** When it last moved, so that its label shows for a moment. */
  readonly movedAt: number;
};

/** Replaces the carets that an editor shows. */
export const setCarets = StateEffect.define<readonly RemoteCaret[]>();

/** How long a label stays after a move, in milliseconds. */
export const labelTime = 2000;

const carets = StateField.define<readonly RemoteCaret[]>({
  create: () => [],
  update(value, tr) {
    for (const effect of tr.effects) {
      if (effect.is(setCarets)) return effect.value;
    }
    if (!tr.docChanged || value.length === 0) return value;
    return value.map((c) => ({ ...c, anchor: tr.changes.mapPos(c.anchor, -1), head: tr.changes.mapPos(c.head, -1) }));
  },
});

/** The carets of a file's visitors, with the moment of their last move taken over where they have not moved since. */
export function caretsOf(peers: readonly Peer[], file: string, length: number, before: readonly RemoteCaret[], now: number): RemoteCaret[] {
  const out: RemoteCaret[] = [];
  for (const peer of peers) {
    if (peer.me || peer.away || peer.file !== file) continue;
    const anchor = Math.min(peer.anchor, length);
    const head = Math.min(peer.head, length);
    const old = before.find(({ session }) => session === peer.session);
    const moved = old === undefined || old.head !== head || old.anchor !== anchor;
    out.push({ session: peer.session, name: peer.name, color: peer.color, anchor, head, movedAt: moved ? now : old.movedAt });
  }
  return out;
}

/** The carets an editor state has. */
export function caretsIn(state: EditorState): readonly RemoteCaret[] {
  return state.field(carets, false) ?? [];
}

class CaretMarker implements LayerMarker {
  constructor(
    private readonly caret: RemoteCaret,
    private readonly left: number,
    private readonly top: number,
    private readonly height: number,
    private readonly flip: boolean,
  ) {}

  eq(other: LayerMarker): boolean {
    return (
      other instanceof CaretMarker &&
      other.caret.session === this.caret.session &&
      other.caret.movedAt === this.caret.movedAt &&
      other.caret.name === this.caret.name &&
      other.caret.color === this.caret.color &&
      other.left === this.left &&
      other.top === this.top &&
      other.height === this.height &&
      other.flip === this.flip
    );
  }

  draw(): HTMLElement {
    const element = document.createElement("div");
    const label = document.createElement("span");
    label.className = "remote-label";
    element.append(label);
    this.paint(element);
    return element;
  }

  update(element: HTMLElement, previous: LayerMarker): boolean {
    if (!(previous instanceof CaretMarker) || previous.caret.session !== this.caret.session) return false;
    this.paint(element);
    return true;
  }

  private paint(element: HTMLElement): void {
    const { name, color, movedAt } = this.caret;
    const label = element.firstElementChild;
    if (label !== null && label.textContent !== name) label.textContent = name;
    const age = Date.now() - movedAt;
    const hovered = element.classList.contains("hovered");
    element.className = `remote-caret p${color}${this.flip ? " below" : ""}${age < labelTime ? " moved" : ""}${hovered ? " hovered" : ""}`;
    element.style.left = `${this.left}px`;
    element.style.top = `${this.top}px`;
    element.style.height = `${this.height}px`;
  }
}

function caretMarkers(view: EditorView): LayerMarker[] {
  const out: LayerMarker[] = [];
  const { doc } = view.state;
  for (const caret of view.state.field(carets)) {
    if (caret.head < view.viewport.from || caret.head > view.viewport.to) continue;
    const [at] = RectangleMarker.forRange(view, "", EditorSelection.cursor(caret.head));
    if (at === undefined) continue;
    const flip = caret.head <= doc.line(1).to;
    out.push(new CaretMarker(caret, at.left, at.top, at.height, flip));
  }
  return out;
}

function selectionMarkers(view: EditorView): LayerMarker[] {
  const out: LayerMarker[] = [];
  for (const { anchor, head, color } of view.state.field(carets)) {
    if (anchor === head) continue;
    const from = Math.max(Math.min(anchor, head), view.viewport.from);
    const to = Math.min(Math.max(anchor, head), view.viewport.to);
    if (from >= to) continue;
    out.push(...RectangleMarker.forRange(view, `remote-selection p${color}`, EditorSelection.range(from, to)));
  }
  return out;
}

function changed(update: ViewUpdate): boolean {
  return update.docChanged || update.viewportChanged || update.geometryChanged || update.startState.field(carets) !== update.state.field(carets);
}

/** Labels come back while the pointer is near a caret, and go when their time is over. */
const labels = ViewPlugin.fromClass(
  class {
    private frame = 0;
    private timer: ReturnType<typeof setTimeout> | undefined;

    constructor(readonly view: EditorView) {
      view.scrollDOM.addEventListener("mousemove", this.moved);
    }

    update(update: ViewUpdate): void {
      if (update.startState.field(carets) === update.state.field(carets)) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.fade, labelTime + 20);
    }

    destroy(): void {
      clearTimeout(this.timer);
      cancelAnimationFrame(this.frame);
      this.view.scrollDOM.removeEventListener("mousemove", this.moved);
    }

    private readonly fade = (): void => {
      const now = Date.now();
      const latest = Math.max(0, ...this.view.state.field(carets).map((c) => c.movedAt));
      if (now - latest < labelTime) {
        this.timer = setTimeout(this.fade, latest + labelTime - now + 20);
        return;
      }
      for (const element of this.view.scrollDOM.querySelectorAll(".remote-caret.moved")) element.classList.remove("moved");
    };

    private readonly moved = ({ clientX, clientY }: MouseEvent): void => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => {
        for (const element of this.view.scrollDOM.querySelectorAll(".remote-caret")) {
          const box = element.getBoundingClientRect();
          const near = Math.abs(clientX - box.left) < 8 && clientY > box.top - 4 && clientY < box.bottom + 4;
          element.classList.toggle("hovered", near);
        }
      });
    };
  },
);

/**
 * Shows other people's carets and selections. They are drawn in layers beside the text, never in it, so that they
 * disturb neither an input method nor a screen reader.
 */
export const remoteCarets: Extension = [
  carets,
  layer({ above: false, class: "remote-selections", markers: selectionMarkers, update: changed }),
  layer({ above: true, class: "remote-carets", markers: caretMarkers, update: changed }),
  labels,
];
