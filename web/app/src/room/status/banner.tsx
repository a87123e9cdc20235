import type { SaveState } from "@codecollab/client";
import { useEffect, useState, type ReactNode } from "react";
import { signInPath } from "../../lib/back";
import { go } from "../../lib/route";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { AlertIcon, CloudOffIcon, LockIcon } from "../../ui/icons";
import { useWords, type Words } from "../../words";
import { useRoom, useSession } from "../context";

/** A connection may be away for so long before anything is said about it, in milliseconds. */
const patience = 1500;

/** A thin line under the header, when something about the connection is worth saying. */
export function Banner(): ReactNode {
  const session = useSession();
  const words = useWords().status.banner;
  const connection = useRoom((view) => view.connection);
  const readOnly = useRoom(({ save }) => (save.kind === "read-only" ? save.reason : undefined));
  const missing = useRoom((view) => view.status === "missing");
  const outdated = useStore(session.outdated);
  const signedOut = useRoom((view) => view.signedOut === true);
  const late = useLate(connection !== "online");

  if (signedOut) return <SignedOut />;
  if (missing) {
    return (
      <div className="banner warn" role="alert">
        <AlertIcon size={14} />
        <span>{words.missing}</span>
      </div>
    );
  }
  if (late) {
    return (
      <output className="banner warn">
        <CloudOffIcon size={14} />
        <span>
          <b>{words.offline}</b> <Kept />
        </span>
        <Countdown />
        <Button small onPress={() => session.client.reconnectNow()}>
          {words.retry}
        </Button>
      </output>
    );
  }
  if (readOnly !== undefined) {
    return (
      <output className="banner warn">
        <LockIcon size={14} />
        <span>
          <b>{words.readOnly}</b> {readOnly} {words.readOnlyKept}
        </span>
      </output>
    );
  }
  if (outdated) {
    return (
      <output className="banner">
        <span>{words.outdated}</span>
        <Button small onPress={() => location.reload()}>
          {words.reload}
        </Button>
        <Button small look="quiet" onPress={() => session.outdated.set(false)}>
          {words.later}
        </Button>
      </output>
    );
  }
  return null;
}

/** What has become of the text without a connection. It renders apart, since it changes with every key. */
function Kept(): ReactNode {
  const save = useRoom((view) => view.save);
  const loaded = useRoom((view) => view.files.length > 0 || view.status === "ready");
  return offlineWords(save, loaded, useWords().status.banner);
}

/** The session has ended: what was typed waits in this browser until its person is back. */
function SignedOut(): ReactNode {
  const w = useWords().door;
  const save = useRoom((view) => view.save);
  const left = useStore(useSession().left);
  const unsent = (save.kind === "saved" ? 0 : save.characters) + left;
  const fleeting = save.kind !== "saved" && save.fleeting === true;
  return (
    <div className="banner warn" role="alert">
      <LockIcon size={14} />
      <span>
        <b>{w.out.title}</b> {unsent === 0 ? w.out.saved : fleeting ? w.out.fleeting(unsent) : w.out.kept(unsent)}
      </span>
      <Button small look="accent" onPress={() => go(signInPath())}>
        {w.out.again}
      </Button>
    </div>
  );
}

function offlineWords(save: SaveState, loaded: boolean, words: Words["status"]["banner"]): string {
  if (save.kind !== "saved" && save.characters > 0) return save.fleeting === true ? words.fleeting(save.characters) : words.kept(save.characters);
  return loaded ? words.goOn : words.unreachable;
}

/** How long until the next try. */
function Countdown(): ReactNode {
  const { banner } = useWords().status;
  const at = useRoom((view) => view.retryAt);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = at === undefined ? 0 : Math.ceil((at - now) / 1000);
  return (
    <span className="countdown" aria-hidden="true">
      {seconds > 0 ? banner.nextTry(seconds) : banner.trying}
    </span>
  );
}

/** Whether something has been so for a while. */
function useLate(now: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => setLate(true), patience);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [now]);
  return late && now;
}
