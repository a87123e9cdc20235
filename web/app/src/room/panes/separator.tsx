import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

type Props = {
  readonly name: string;
  /** The id of the pane whose size it is. */
  readonly controls: string;
  /** Whether it lies, and is moved up and down. */
  readonly lies?: boolean;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Turns the place of the pointer into a value. */
  readonly at: (x: number, y: number) => number | undefined;
  readonly onMove: (value: number) => void;
  /** Double click: back to the size that everybody begins with. */
  readonly onReset: () => void;
  /** Enter: closes the pane. */
  readonly onClose: () => void;
};

/** A line between two panes that is moved by pointer or arrow keys. */
export function Separator({ name, controls, lies = false, value, min, max, step, at, onMove, onReset, onClose }: Props): ReactNode {
  const dragging = useRef(false);
  const move = (to: number): void => onMove(Math.min(max, Math.max(min, Math.round(to * 10) / 10)));
  const key = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? step * 5 : step;
    if (event.key === (lies ? "ArrowUp" : "ArrowLeft")) move(value - by);
    else if (event.key === (lies ? "ArrowDown" : "ArrowRight")) move(value + by);
    else if (event.key === "Home") move(min);
    else if (event.key === "End") move(max);
    else if (event.key === "Enter") onClose();
    else return;
    event.preventDefault();
  };
  const drag = (event: PointerEvent): void => {
    const to = dragging.current ? at(event.clientX, event.clientY) : undefined;
    if (to !== undefined) move(to);
  };
  return (
    // A line that can be moved is a widget, which hr is not.
    <div
      className={`separator${lies ? " lies" : ""}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="separator"
      tabIndex={0}
      aria-label={name}
      aria-controls={controls}
      aria-orientation={lies ? "horizontal" : "vertical"}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={key}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={drag}
      onPointerUp={() => (dragging.current = false)}
      onPointerCancel={() => (dragging.current = false)}
    />
  );
}
