import { useState, type ReactNode } from "react";
import { ApiError, deleteRoom } from "../../lib/api";
import { roomTitle } from "../../lib/format";
import { forgetRoom } from "../../lib/rooms";
import { go } from "../../lib/route";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

type Props = { readonly onClose: () => void };

/** Ends the room for everybody. */
export function DeleteRoom({ onClose }: Props): ReactNode {
  const { room } = useSession();
  const w = useWords().settings;
  const owner = useRoom((view) => view.role === "owner");
  const [asking, setAsking] = useState(false);
  return (
    <section>
      <h3>{w.remove}</h3>
      <div className="settings-delete">
        <p>{owner ? w.removeHint : w.removeOwner}</p>
        {owner ? (
          <Button className="danger" onPress={() => setAsking(true)}>
            {w.remove} …
          </Button>
        ) : null}
      </div>
      {asking ? (
        <ConfirmDelete
          room={room}
          onCancel={() => setAsking(false)}
          onDone={() => {
            onClose();
            go("/");
          }}
        />
      ) : null}
    </section>
  );
}

type ConfirmProps = { readonly room: string; readonly onCancel: () => void; readonly onDone: () => void };

/** Asks for the room's words, so that nobody deletes by a slip of the hand, and deletes. */
export function ConfirmDelete({ room, onCancel, onDone }: ConfirmProps): ReactNode {
  const words = useWords();
  const w = words.settings;
  const sure = roomTitle(room).words;
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const remove = (): void => {
    setBusy(true);
    deleteRoom(room).then(
      () => {
        forgetRoom(room);
        onDone();
      },
      (e: unknown) => {
        setBusy(false);
        setError(e instanceof ApiError ? e.message : w.removeFailed);
      },
    );
  };
  return (
    <Dialog alert title={w.removeTitle} onClose={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === sure) remove();
        }}
      >
        <p>{w.removeText}</p>
        <label className="settings-sure">
          <span className="label">{w.removeSure(sure)}</span>
          <input className="input" value={text} autoComplete="off" autoCapitalize="off" spellCheck={false} onChange={(event) => setText(event.target.value)} />
        </label>
        <p className="problem" role="alert">
          {error}
        </p>
        <div className="dialog-actions">
          <Button onPress={onCancel}>{words.frame.cancel}</Button>
          <Button look="stop" type="submit" isDisabled={text.trim() !== sure} isPending={busy}>
            {w.removeNow}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
