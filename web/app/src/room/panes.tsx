import { useRef, useState, useSyncExternalStore, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { recall, remember } from "../lib/storage";

type Props = { readonly first: ReactNode; readonly second: ReactNode };

const narrow = matchMedia("(max-width: 899px)");
const least = 20;
const most = 85;

function onNarrow(f: () => void): () => void {
  narrow.addEventListener("change", f);
  return () => narrow.removeEventListener("change", f);
}

function remembered(stacked: boolean): number {
  const share = Number(recall(stacked ? "split-stacked" : "split") ?? Number.NaN);
  return share >= least && share <= most ? share : 62;
}

/** Two panes side by side, or stacked where it is narrow; the line between them is moved by pointer or arrow keys. */
export function Panes({ first, second }: Props): ReactNode {
  const stacked = useSyncExternalStore(onNarrow, () => narrow.matches);
  const [shares, setShares] = useState(() => ({ stacked: remembered(true), beside: remembered(false) }));
  const share = stacked ? shares.stacked : shares.beside;
  const frame = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);

  const set = (value: number): void => {
    const next = Math.min(most, Math.max(least, Math.round(value * 10) / 10));
    setShares((before) => (stacked ? { ...before, stacked: next } : { ...before, beside: next }));
    remember(stacked ? "split-stacked" : "split", String(next));
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!dragging.current || box === undefined) return;
    set(stacked ? ((event.clientY - box.top) / box.height) * 100 : ((event.clientX - box.left) / box.width) * 100);
  };
  const key = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 10 : 2;
    const less = stacked ? "ArrowUp" : "ArrowLeft";
    const more = stacked ? "ArrowDown" : "ArrowRight";
    if (event.key === less) set(share - step);
    else if (event.key === more) set(share + step);
    else if (event.key === "Home") set(least);
    else if (event.key === "End") set(most);
    else return;
    event.preventDefault();
  };

  return (
    <main className="panes" ref={frame} data-stacked={stacked || undefined} style={{ "--share": `${share}%` } as React.CSSProperties}>
      {first}
      {/* A line that can be moved is a widget, which hr is not. */}
      <div
        className="separator"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="separator"
        tabIndex={0}
        aria-label="Resize the panes"
        aria-orientation={stacked ? "horizontal" : "vertical"}
        aria-valuenow={Math.round(share)}
        aria-valuemin={least}
        aria-valuemax={most}
        onKeyDown={key}
        onDoubleClick={() => set(62)}
        onPointerDown={(event) => {
          dragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          event.preventDefault();
        }}
        onPointerMove={drag}
        onPointerUp={() => (dragging.current = false)}
        onPointerCancel={() => (dragging.current = false)}
      />
      {second}
    </main>
  );
}
