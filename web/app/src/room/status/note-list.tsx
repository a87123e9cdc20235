import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { AlertIcon, CloseIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useSession } from "../context";

/** The quiet lines, above the status line. */
export function NoteList(): ReactNode {
  const { notes } = useSession();
  const { status } = useWords();
  const list = useStore(notes.list);
  return (
    <aside aria-label={status.notices}>
      <ul className="notes">
      {list.map(({ id, level, text, offer }) => (
        <li key={id} className={`note ${level}`}>
          {level === "error" ? <AlertIcon size={15} /> : null}
          <span>{text}</span>
          {offer === undefined ? null : (
            <Button
              small
              onPress={() => {
                notes.close(id);
                offer.take();
              }}
            >
              {offer.words}
            </Button>
          )}
          <IconButton small name={status.close} onPress={() => notes.close(id)}>
            <CloseIcon size={14} />
          </IconButton>
        </li>
      ))}
      </ul>
    </aside>
  );
}
