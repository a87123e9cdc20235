import type { ReactNode } from "react";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
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
  const place = useStore(session.editor.place);
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
          <span className="place">
            {line.place(place.line, place.column)}
            {place.selected > 0 ? ` ${line.selected(place.selected)}` : ""}
            {place.carets > 1 ? ` · ${line.carets(place.carets)}` : ""}
          </span>
          <span className="wide-only">{indent.by === "tabs" ? words.editor.tabs(indent.width) : words.editor.spaces(indent.width)}</span>
          <span className="wide-only">{kindOf(name, list, language)}</span>
        </>
      )}
      <span className="wide-only">{line.people(Math.max(1, people))}</span>
    </footer>
  );
}

const icons: Record<Mark["kind"], (props: { size: number }) => ReactNode> = { saved: CheckIcon, sending: UpIcon, offline: CloudOffIcon, "read-only": LockIcon };

/** Where the user's text is. It renders apart from the rest of the line, since it changes with every key. */
function SaveMark(): ReactNode {
  const session = useSession();
  const { status } = useWords();
  const save = useRoom((view) => view.save);
  const connecting = useRoom((view) => view.connection === "connecting");
  const left = useStore(session.left);
  const { kind, text } = markOf(save, connecting, left, status);
  const Icon = icons[kind];
  return (
    <span className={`save ${kind}`} data-testid="save-state" title={status.kept}>
      <Icon size={13} />
      {text}
    </span>
  );
}
