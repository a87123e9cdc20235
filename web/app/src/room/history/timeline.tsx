import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { locale, useWords } from "../../words";
import type { Overview } from "./api";
import { draw, paletteOf, placeOf, versionAt } from "./picture";
import type { PlayerState } from "./player";
import { roughly, when } from "./time";
import type { Visit } from "./visit";

type Props = { readonly visit: Visit; readonly overview: Overview; readonly state: PlayerState };

const height = 68;

/** The scrubber: the whole history as a picture, and a line at the moment that is shown. */
export function Timeline({ visit: { player }, overview, state }: Props): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const last = overview.version;
  const { version, shown } = state;

  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return undefined;
    const paint = (): void => draw(element, overview, paletteOf(element), { width, height, pause: (ms) => roughly(ms, words) });
    paint();
    const theme = new MutationObserver(paint);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
    return () => theme.disconnect();
  }, [overview, width, words]);

  const to = (event: PointerEvent<HTMLDivElement>): void => {
    const left = event.currentTarget.getBoundingClientRect().left;
    const next = versionAt(event.clientX - left, last, width);
    if (next !== version) player.seek(next);
  };
  const key = (event: KeyboardEvent): void => {
    const next = stepOf(event, version, last);
    if (next === undefined && event.key !== " ") return;
    event.preventDefault();
    if (next === undefined) player.toggle();
    else if (next !== version) player.seek(next);
  };
  const by = shown?.fresh.at(-1)?.by;
  const name = by === undefined ? undefined : shown?.person(by)?.name;
  const text = words.at(version.toLocaleString(tongue), last.toLocaleString(tongue), shown === undefined ? "…" : when(shown.at, tongue));
  return (
    <div className="timeline">
      <div
        className="timeline-track"
        ref={box}
        // A range input cannot be as wide as the picture under it: its thumb stays inside of it.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="slider"
        tabIndex={0}
        aria-label={words.scrubber}
        aria-valuemin={1}
        aria-valuemax={last}
        aria-valuenow={version}
        aria-valuetext={name === undefined ? text : `${text}, ${words.by(name)}`}
        onKeyDown={key}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          to(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) to(event);
        }}
      >
        <canvas ref={canvas} aria-hidden="true" style={{ height }} />
        <span className="timeline-now" style={{ transform: `translateX(${placeOf(version, last, width)}px)` }} />
      </div>
      <div className="timeline-ends">
        <span aria-hidden="true">{when(overview.began, tongue)}</span>
        <p className="history-moment" data-testid="history-moment">
          <strong>{words.version(version.toLocaleString(tongue))}</strong>
          {shown === undefined ? null : <span>{when(shown.at, tongue)}</span>}
        </p>
        <span aria-hidden="true">{when(overview.ended, tongue)}</span>
      </div>
    </div>
  );
}

/** Where a key leads; undefined when it is none of the slider's. */
function stepOf({ key, shiftKey }: KeyboardEvent, version: number, last: number): number | undefined {
  const page = Math.max(1, Math.round(last / 20));
  const step = shiftKey ? 10 : 1;
  const by: Record<string, number> = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -page, PageUp: page, Home: -last, End: last };
  const delta = by[key];
  return delta === undefined ? undefined : Math.max(1, Math.min(last, version + delta));
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
