import { useState, type ReactNode } from "react";
import { ago } from "../../lib/format";
import { signOut } from "../../lib/me";
import { go } from "../../lib/route";
import { Button } from "../../ui/button";
import { CodeIcon, PhoneIcon, SystemIcon } from "../../ui/icons";
import { fetchWays } from "../api";
import { usePages } from "../use-words";
import { deviceOf } from "./agent";
import { endSession, fetchSessions, type Session } from "./api";
import { Confirm, Row, Rows, Section } from "./section";
import { useLoad } from "../use-load";

/** Where one is signed in, this browser first. */
export function SessionsSection(): ReactNode {
  const w = usePages().account;
  const [loaded, again] = useLoad(fetchSorted);
  const [{ data: ways }] = useLoad(fetchWays);
  const [asking, setAsking] = useState(false);
  const by = (via: string): string => {
    const way = w.via[via] ?? ways?.ways.find(({ id }) => id === via)?.name;
    return way === undefined ? "" : w.by(way);
  };
  return (
    <Section
      title={w.sessions}
      hint={w.sessionsHint}
      action={
        <Button small onPress={() => setAsking(true)}>
          {w.everywhere}
        </Button>
      }
    >
      <Rows loaded={loaded} onRetry={again} none="" idOf={(session) => session.id}>
        {(session) => <SessionRow session={session} by={by(session.via)} onEnded={again} />}
      </Rows>
      {asking ? (
        <Confirm
          title={w.everywhereTitle}
          texts={[w.everywhereText]}
          button={w.everywhere}
          onDo={() => signOut(true).then(() => go("/signin"))}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Section>
  );
}

type RowProps = { readonly session: Session; readonly by: string; readonly onEnded: () => void };

function SessionRow({ session, by, onEnded }: RowProps): ReactNode {
  const w = usePages().account;
  const [now] = useState(() => Date.now());
  const [busy, setBusy] = useState(false);
  const { browser, system, kind } = deviceOf(session.agent);
  const name = browser === "" ? w.unknownDevice : w.device(browser, system);
  const facts = [
    session.current ? "" : w.active(ago(session.seen, now)),
    w.since(ago(session.created, now)),
    by,
    session.address,
  ];
  const end = (): void => {
    setBusy(true);
    const done = session.current ? signOut().then(() => go("/")) : endSession(session.id).then(onEnded);
    // When it has ended already, the list says so as well.
    done.catch(onEnded).finally(() => setBusy(false));
  };
  return (
    <Row icon={kind === "phone" ? <PhoneIcon /> : kind === "program" ? <CodeIcon /> : <SystemIcon />} title={name} facts={facts}>
      {session.current ? <span className="account-mark">{w.here}</span> : null}
      <Button small isPending={busy} aria-label={w.endOf(name)} onPress={end}>
        {w.end}
      </Button>
    </Row>
  );
}

async function fetchSorted(): Promise<readonly Session[]> {
  const all = await fetchSessions();
  return all.toSorted((a, b) => Number(b.current) - Number(a.current) || b.seen - a.seen);
}
