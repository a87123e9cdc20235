import { useLayoutEffect, useRef, type ReactNode } from "react";
import { useStore } from "../../../lib/store";
import { IconButton } from "../../../ui/button";
import { AlertIcon, ClearIcon } from "../../../ui/icons";
import { useWords } from "../../../words";
import { SpanText } from "../../chat/message";
import { spansOf } from "../../chat/text";
import { useRoom } from "../../context";
import type { Console } from "./console";

/** What a previewed page has written, as text; places in files of the room are links. */
export function ConsoleView({ output }: { readonly output: Console }): ReactNode {
  const { preview: words } = useWords();
  const lines = useStore(output.lines);
  const omitted = useStore(output.omitted);
  const files = useRoom((view) => view.files);
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    if (lines.length > 0 && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);
  const errors = lines.filter(({ level }) => level === "error").length;
  return (
    <section className="preview-console" aria-label={words.console}>
      <header>
        <h2>
          {words.console}
          {errors > 0 ? <span className="unread bad">{errors}</span> : null}
        </h2>
        <IconButton small name={words.clear} isDisabled={lines.length === 0} onPress={() => output.clear()}>
          <ClearIcon size={14} />
        </IconButton>
      </header>
      {lines.length === 0 ? <p className="faint">{words.consoleEmpty}</p> : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <ol ref={list} tabIndex={0} aria-label={words.console}>
        {omitted > 0 ? <li className="faint">… {words.omitted(omitted)}</li> : null}
        {lines.map(({ id, level, text, times }) => (
          <li key={id} className={level}>
            {level === "error" || level === "warn" ? <AlertIcon size={12} /> : null}
            <span>
              {spansOf(text, files).map((span, i) => (
                // oxlint-disable-next-line react/no-array-index-key -- a line never changes
                <SpanText key={i} span={span} />
              ))}
            </span>
            {times > 1 ? <span className="unread">{times}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
