import { useState, type ReactNode } from "react";
import { ApiError, createRoom } from "../../lib/api";
import { recentLanguages } from "../../lib/languages";
import { go, roomPath } from "../../lib/route";
import { Button } from "../../ui/button";
import { Mark } from "../../ui/logo";

/** The page of a room that does not exist. */
export function MissingRoom({ room }: { readonly room: string }): ReactNode {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const create = (): void => {
    setBusy(true);
    createRoom(recentLanguages()[0] ?? "python").then(
      (made) => go(roomPath(made), "replace"),
      (e: unknown) => {
        setBusy(false);
        setError(e instanceof ApiError ? e.message : "The room could not be made.");
      },
    );
  };
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>There is no such room</h1>
      <p>
        <code>{room}</code> is not on this server. The link may have lost its end, or the room was deleted. Ask whoever sent it to copy it again.
      </p>
      <div className="dead-end-actions">
        <Button look="accent" isPending={busy} onPress={create}>
          New room
        </Button>
        <Button onPress={() => go("/")}>Start page</Button>
      </div>
      <p role="alert" className="problem">
        {error}
      </p>
    </main>
  );
}

/** The page of a room that does not let this browser in. */
export function RefusedRoom({ message }: { readonly message: string }): ReactNode {
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>The room did not let you in</h1>
      <p>{message}</p>
      <div className="dead-end-actions">
        <Button look="accent" onPress={() => location.reload()}>
          Try again
        </Button>
        <Button onPress={() => go("/")}>Start page</Button>
      </div>
    </main>
  );
}
