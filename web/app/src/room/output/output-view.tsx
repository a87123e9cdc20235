import type { RunView } from "@codecollab/client";
import { memo, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";
import { bytes } from "../../lib/format";
import { Button } from "../../ui/button";
import { DownIcon } from "../../ui/icons";
import type { Style } from "./ansi";
import type { Block } from "./output-buffer";

type Props = { readonly run: RunView; readonly blocks: readonly Block[] };

const streamNames: Record<string, string> = { stderr: "standard error", compile: "compiler" };

/** What a program has printed. It follows the end, unless somebody has scrolled up. */
export function OutputView({ run, blocks }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [away, setAway] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    // The first of a compiler's complaints is the one to read.
    const complaints = blocks.every((block) => block.kind === "text" && block.stream === "compile");
    if (element !== null && following.current && !complaints) element.scrollTop = element.scrollHeight;
  }, [blocks]);

  const scrolled = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
    following.current = atEnd;
    setAway(!atEnd && element.scrollHeight > element.clientHeight * 1.5);
  };
  const toEnd = (): void => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };

  return (
    <div className="output-frame">
      {/* It scrolls, so it can be focused: that is how a keyboard scrolls it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="output-text" ref={scroller} onScroll={scrolled} tabIndex={0} role="log" aria-live="off" aria-label="Program output">
        {blocks.map((block) => (
          <BlockView key={block.id} block={block} />
        ))}
      </div>
      {away ? (
        <Button small className="to-end" onPress={toEnd}>
          <DownIcon size={13} /> {run.state === "finished" ? "To the end" : "Follow"}
        </Button>
      ) : null}
    </div>
  );
}

const BlockView = memo(function BlockView({ block }: { readonly block: Block }): ReactNode {
  if (block.kind === "gap") return <div className="gap">{gapText(block.omitted)}</div>;
  const name = streamNames[block.stream];
  return (
    <div className={`block ${block.stream}`} data-first={(block.first && name !== undefined) || undefined}>
      {block.first && name !== undefined ? <span className="stream-name">{name}</span> : null}
      {block.spans.map(({ text, style }, i) => (
        // Spans only ever grow at the end, so their place is their name.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={i} {...looks(style)}>
          {text}
        </span>
      ))}
    </div>
  );
});

/** What stands where output was left out. */
export function gapText(omitted: number): string {
  return `${bytes(omitted)} more, not kept`;
}

function looks(style: Style): { className?: string; style?: CSSProperties } {
  const names: string[] = [];
  const css: CSSProperties = {};
  const [fg, bg] = style.inverse ? [style.bg ?? "inverse", style.fg ?? "inverse"] : [style.fg, style.bg];
  if (typeof fg === "number") css.color = `var(--ansi-${fg})`;
  else if (fg === "inverse") css.color = "var(--surface)";
  else if (fg !== undefined) css.color = fg;
  if (typeof bg === "number") css.backgroundColor = `var(--ansi-${bg})`;
  else if (bg === "inverse") css.backgroundColor = "var(--text)";
  else if (bg !== undefined) css.backgroundColor = bg;
  if (bg !== undefined && fg === undefined) css.color = "var(--surface)";
  for (const flag of ["bold", "dim", "italic", "underline", "strike"] as const) {
    if (style[flag]) names.push(`sgr-${flag}`);
  }
  return { ...(names.length === 0 ? {} : { className: names.join(" ") }), ...(Object.keys(css).length === 0 ? {} : { style: css }) };
}
