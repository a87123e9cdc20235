import { lazy, Suspense, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { identity } from "../../lib/identity";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { Pop } from "../../ui/pop";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { ordered } from "./order";

const PeopleList = lazy(async () => ({ default: (await import("./people-list")).PeopleList }));

const most = 4;

/** The faces of those who are here; pressed, the list of them. */
export function PeopleButton(): ReactNode {
  const { people: w } = useWords();
  const { peers: here, voice, client } = useSession();
  const peers = ordered(useStore(here));
  const speaking = useStore(voice.levels);
  const me = useStore(identity);
  const knocks = useRoom((view) => view.knocks.length);
  const others = peers.filter((p) => !p.me);
  const faces = others.slice(0, most);
  return (
    <Pop
      label={w.title}
      renderButton={(trigger) => (
        <AriaButton className="button quiet people-button" aria-label={knocks === 0 ? w.here(others.length + 1) : `${w.here(others.length + 1)}. ${w.knocks.waiting(knocks)}`} {...trigger}>
          <span className="faces">
            {others.length > most ? <span className="avatar more">+{others.length - most}</span> : null}
            {faces.map((p) => (
              <Avatar key={p.session} name={p.name} color={p.color} away={p.away} speaking={speaking.has(p.client)} />
            ))}
            <Avatar name={me.name} color={me.color} speaking={speaking.has(client.id)} />
          </span>
          {knocks === 0 ? null : (
            <span className="knock-count" aria-hidden="true">
              {knocks}
            </span>
          )}
        </AriaButton>
      )}
    >
      {(close) => (
        <div className="people">
          <Suspense fallback={<div className="view-loading" aria-busy="true" />}>
            <PeopleList onGone={close} />
          </Suspense>
        </div>
      )}
    </Pop>
  );
}
