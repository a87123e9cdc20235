import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { showKey } from "../../lib/route";
import { useWords } from "../../words";
import { useSession } from "../context";
import { fetchLinks, giveRole, rotateLink } from "./powers";
import { useTry } from "./try";

type Props = { readonly person: string; readonly name: string; readonly onClose: () => void };

/** Puts somebody out of the room, after asking. */
export function RemoveDialog({ person, name, onClose }: Props): ReactNode {
  const { room } = useSession();
  const { people: w, frame } = useWords();
  const [links, setLinks] = useState(true);
  const [busy, setBusy] = useState(false);
  const attempt = useTry();
  const remove = (): void => {
    setBusy(true);
    void attempt(async () => {
      await giveRole(room, person, "removed");
      if (links) await renewLinks(room);
      onClose();
    }).then(() => setBusy(false));
  };
  return (
    <Dialog alert title={w.remove.title(name)} onClose={onClose}>
      <p>{w.remove.text}</p>
      <label className="lock-switch">
        <input type="checkbox" checked={links} onChange={(event) => setLinks(event.target.checked)} />
        <span>{w.remove.links}</span>
      </label>
      <div className="dialog-actions">
        <Button onPress={onClose}>{frame.cancel}</Button>
        <Button look="stop" isPending={busy} onPress={remove}>
          {w.remove.now}
        </Button>
      </div>
    </Dialog>
  );
}

/** Replaces the links that there are. */
async function renewLinks(room: string): Promise<void> {
  const now = await fetchLinks(room);
  if (now.viewer !== undefined) await rotateLink(room, "viewer");
  if (now.editor === undefined) return;
  const key = (await rotateLink(room, "editor")).editor?.split("#")[1];
  if (key !== undefined) showKey(room, key);
}
