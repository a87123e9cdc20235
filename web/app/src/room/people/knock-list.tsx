/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { useRoom, useSession } from "../context";
import { answerKnock } from "./doors";
import { useAccessWords, useAttempt } from "./use-words";
import { Verified } from "./verified";
import "./list.css";

/** Who waits to come in, for an owner to let them. */
export function KnockList(): ReactNode {
  const { room } = useSession();
  const { knocks: w } = useAccessWords();
  const knocks = useRoom((view) => view.knocks);
  const attempt = useAttempt();
  if (knocks.length === 0) return null;
  const answer = (person: string, admit: boolean): Promise<boolean> => attempt(() => answerKnock(room, person, admit));
  return (
    <section className="knocks" aria-label={w.title} data-testid="knocks">
      <h3>{w.title}</h3>
      <ul>
        {knocks.map(({ person, name, color, verified, role }) => (
          <li key={person}>
            <Avatar name={name} color={color} size={30} />
            <span className="person-words">
              <span className="person-name">
                {name} {verified === true ? <Verified /> : null}
              </span>
              <span className="person-place">
                {verified === true ? w.signedIn : w.guest} · {w.asks(role)}
              </span>
            </span>
            <span className="knock-answers">
              <Button small look="accent" aria-label={w.admitOf(name)} onPress={() => void answer(person, true)}>
                {w.admit}
              </Button>
              <Button small aria-label={w.refuseOf(name)} onPress={() => void answer(person, false)}>
                {w.refuse}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {knocks.length < 2 ? null : (
        <Button small onPress={() => void Promise.all(knocks.map(({ person }) => answer(person, true)))}>
          {w.everybody}
        </Button>
      )}
    </section>
  );
}
