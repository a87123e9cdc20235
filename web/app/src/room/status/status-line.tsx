import type { ReactNode } from "react";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { drawText, useDrawn } from "../../lib/use-drawn";
import { CheckIcon, CloudOffIcon, LockIcon, UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { kindOf } from "../editor/modes";
import { markOf, type Mark } from "./save-words";

/** The line at the bottom: whether everything is saved, what others do, and where the caret is. */
export function StatusLine(): ReactNode {
  const session = useSession();
  const words = useWords();
  const { line } = words.status;
  const people = useRoom((view) => view.peers.length);
  const files = useRoom((view) => view.files);
  const language = useRoom((view) => view.language);
  const activity = useStore(session.activity.line);
  const indent = useStore(session.editor.indent);
  const shown = useStore(session.file);
  const { list } = useStore(catalogue);
  const name = files.find(({ id }) => id === shown)?.name;
  return (
    <footer className="status-line" aria-label={words.status.label}>
      <SaveMark />
      <span className="activity" aria-hidden="true">
        {activity}
      </span>
      {name === undefined ? null : (
        <>
          <Place />
          <span className="wide-only">{indent.by === "tabs" ? words.editor.tabs(indent.width) : words.editor.spaces(indent.width)}</span>
          <span className="wide-only">{kindOf(name, list, language)}</span>
        </>
      )}
      <span className="wide-only">{line.people(Math.max(1, people))}</span>
    </footer>
  );
}

const kinds: readonly Mark["kind"][] = ["saved", "sending", "offline", "read-only"];
const icons: Record<Mark["kind"], (props: { size: number }) => ReactNode> = { saved: CheckIcon, sending: UpIcon, offline: CloudOffIcon, "read-only": LockIcon };

/** Where the user's text is. It changes with every key, twice. */
function SaveMark(): ReactNode {
  const session = useSession();
  const { client, left } = session;
  const { status } = useWords();
  const mark = useDrawn<HTMLSpanElement>(
    (element) => {
      const { save, connection } = client.view();
      const { kind, text } = markOf(save, connection === "connecting", left.get(), status);
      if (element.dataset["kind"] !== kind) {
        element.dataset["kind"] = kind;
        element.className = `save ${kind}`;
      }
      drawText(element.lastElementChild ?? element, text);
    },
    { subscribe: (f) => client.subscribe(f) },
    left,
  );
  return (
    <span ref={mark} data-testid="save-state" title={status.kept}>
      {kinds.map((kind) => {
        const Icon = icons[kind];
        return (
          <span key={kind} className={`save-icon ${kind}`}>
            <Icon size={13} />
          </span>
        );
      })}
      <span />
    </span>
  );
}

/** Where the user's caret is. */
function Place(): ReactNode {
  const { place } = useSession().editor;
  const { line } = useWords().status;
  const text = useDrawn<HTMLSpanElement>((element) => {
    const now = place.get();
    const selected = now.selected > 0 ? ` ${line.selected(now.selected)}` : "";
    const carets = now.carets > 1 ? ` · ${line.carets(now.carets)}` : "";
    drawText(element, `${line.place(now.line, now.column)}${selected}${carets}`);
  }, place);
  return <span ref={text} className="place" />;
}
