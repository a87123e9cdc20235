import type { ReactNode } from "react";
import { count } from "../../lib/format";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { CheckIcon, CloudOffIcon, LockIcon, UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { kindOf } from "../editor/modes";
import { saveWords } from "./save-words";

/** The line at the bottom: whether everything is saved, what others do, and where the caret is. */
export function StatusLine(): ReactNode {
  const session = useSession();
  const words = useWords();
  const save = useRoom((view) => view.save);
  const connecting = useRoom((view) => view.connection === "connecting");
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
    <footer className="status-line" aria-label="Status">
      <span className={`save ${save.kind}`} data-testid="save-state">
        {save.kind === "saved" ? <CheckIcon size={13} /> : save.kind === "sending" ? <UpIcon size={13} /> : save.kind === "offline" ? <CloudOffIcon size={13} /> : <LockIcon size={13} />}
        {saveWords(save, connecting)}
      </span>
      <span className="activity" aria-hidden="true">
        {activity}
      </span>
      {name === undefined ? null : (
        <>
          <span className="place">
            Ln {place.line}, Col {place.column}
            {place.selected > 0 ? ` (${place.selected.toLocaleString("en")} selected)` : ""}
            {place.carets > 1 ? ` · ${place.carets} carets` : ""}
          </span>
          <span className="wide-only">{indent.by === "tabs" ? words.editor.tabs(indent.width) : words.editor.spaces(indent.width)}</span>
          <span className="wide-only">{kindOf(name, list, language)}</span>
        </>
      )}
      <span className="wide-only">{count(Math.max(1, people), "person", "people")}</span>
    </footer>
  );
}
