import { useState, type ReactNode } from "react";
import { ApiError, createRoom } from "../../lib/api";
import { signInPath } from "../../lib/back";
import { recentLanguages } from "../../lib/languages";
import { go, roomPath } from "../../lib/route";
import { Button } from "../../ui/button";
import { Mark } from "../../ui/logo";
import { useWords } from "../../words";
import { useRoom } from "../context";
import { RecoveredText } from "./recovered";

/** The page of a room that does not exist. */
export function MissingRoom({ room }: { readonly room: string }): ReactNode {
  const words = useWords().status.missing;
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const create = (): void => {
    setBusy(true);
    createRoom(recentLanguages()[0] ?? "python").then(
      (made) => go(roomPath(made), "replace"),
      (e: unknown) => {
        setBusy(false);
        setError(e instanceof ApiError ? e.message : words.failed);
      },
    );
  };
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>{words.title}</h1>
      <p>
        <code>{room}</code>
        {words.text}
      </p>
      <div className="dead-end-actions">
        <Button look="accent" isPending={busy} onPress={create}>
          {words.newRoom}
        </Button>
        <Button onPress={() => go("/")}>{words.start}</Button>
      </div>
      <p role="alert" className="problem">
        {error}
      </p>
    </main>
  );
}

/** The page of a room of which nothing is to be seen before one has signed in. */
export function SignInFirst(): ReactNode {
  const { door, status } = useWords();
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>{door.first.title}</h1>
      <p>{door.first.text}</p>
      <div className="dead-end-actions">
        <Button look="accent" onPress={() => go(signInPath())}>
          {door.signIn}
        </Button>
        <Button onPress={() => go("/")}>{status.missing.start}</Button>
      </div>
    </main>
  );
}

/** The page of a room that does not let this browser in. What has not reached the server is here, too. */
export function RefusedRoom({ message }: { readonly message: string }): ReactNode {
  const { refused, missing, recovered } = useWords().status;
  const kept = useRoom((view) => view.unsent).map((text) => ({ ...text, reason: recovered.notSent }));
  const texts = [...kept, ...useRoom((view) => view.recovered)];
  const units = texts.reduce((n, { text }) => n + text.length, 0);
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>{refused.title}</h1>
      <p>{message === "" ? refused.unknown : message}</p>
      <div className="dead-end-actions">
        <Button look="accent" onPress={() => location.reload()}>
          {refused.again}
        </Button>
        <Button onPress={() => go("/")}>{missing.start}</Button>
      </div>
      {texts.length === 0 ? null : (
        <section className="recovered" aria-label={recovered.title}>
          <p>{refused.kept(units)}</p>
          {texts.map((item, i) => (
            // oxlint-disable-next-line react/no-array-index-key -- the list does not change
            <RecoveredText key={i} item={item} />
          ))}
        </section>
      )}
    </main>
  );
}
