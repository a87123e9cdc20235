import { useEffect, useState, type ReactNode } from "react";
import { count } from "../../lib/format";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { AlertIcon, CloudOffIcon, LockIcon } from "../../ui/icons";
import { useRoom, useSession } from "../context";

/** A connection may be away for so long before anything is said about it, in milliseconds. */
const patience = 1500;

/** A thin line under the header, when something about the connection is worth saying. */
export function Banner(): ReactNode {
  const session = useSession();
  const connection = useRoom((view) => view.connection);
  const save = useRoom((view) => view.save);
  const loaded = useRoom((view) => view.files.length > 0 || view.status === "ready");
  const missing = useRoom((view) => view.status === "missing");
  const outdated = useStore(session.outdated);
  const late = useLate(connection !== "online");

  if (missing) {
    return (
      <div className="banner warn" role="alert">
        <AlertIcon size={14} />
        <span>This room is not on the server any more. Copy what you need: this is what this browser has kept.</span>
      </div>
    );
  }
  if (late) {
    const kept = save.kind === "saved" ? 0 : save.characters;
    return (
      <output className="banner warn">
        <CloudOffIcon size={14} />
        <span>
          <b>Offline.</b> {loaded ? "Go on typing: " : ""}
          {kept > 0 ? `${count(kept, "character is", "characters are")} kept in this browser and will be sent.` : loaded ? "what you type is kept in this browser." : "The server cannot be reached."}
        </span>
        <Countdown />
        <Button small onPress={() => session.client.reconnectNow()}>
          Retry now
        </Button>
      </output>
    );
  }
  if (save.kind === "read-only") {
    return (
      <output className="banner warn">
        <LockIcon size={14} />
        <span>
          <b>Read-only.</b> {save.reason} What you type is kept in this browser and will be sent.
        </span>
      </output>
    );
  }
  if (outdated) {
    return (
      <output className="banner">
        <span>There is a new version of CodeCollab. This page goes on working.</span>
        <Button small onPress={() => location.reload()}>
          Reload
        </Button>
        <Button small look="quiet" onPress={() => session.outdated.set(false)}>
          Later
        </Button>
      </output>
    );
  }
  return null;
}

/** How long until the next try. */
function Countdown(): ReactNode {
  const at = useRoom((view) => view.retryAt);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = at === undefined ? 0 : Math.ceil((at - now) / 1000);
  return (
    <span className="countdown" aria-hidden="true">
      {seconds > 0 ? `Next try in ${seconds} s` : "Trying…"}
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
