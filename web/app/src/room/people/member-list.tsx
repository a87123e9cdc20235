import type { ReactNode } from "react";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { giveRole, type GivenRole } from "./powers";
import { useTry } from "./try";

const roles: readonly GivenRole[] = ["owner", "editor", "viewer", "removed"];

/** Everybody who has a role, here or not, so that an owner can give another. */
export function MemberList(): ReactNode {
  const { room } = useSession();
  const { people: w } = useWords();
  const members = useRoom((view) => view.members);
  const people = useRoom((view) => view.people);
  const peers = useRoom((view) => view.peers);
  const me = useRoom((view) => view.person);
  const attempt = useTry();
  const others = members.filter(({ person }) => person !== me);
  if (others.length === 0) return null;
  const nameOf = (person: string): string => (peers.find((p) => p.person === person) ?? people.find((p) => p.person === person))?.name ?? w.somebody;
  return (
    <section className="member-list">
      <h3>{w.share.access}</h3>
      <ul>
        {others.map(({ person, role }) => (
          <li key={person}>
            <span className="person-name">{nameOf(person)}</span>
            <select
              className="input"
              aria-label={w.share.roleOf(nameOf(person))}
              value={role}
              onChange={(event) => {
                const next = event.target.value as GivenRole;
                void attempt(() => giveRole(room, person, next));
              }}
            >
              {roles.map((r) => (
                <option key={r} value={r}>
                  {w.roles[r]}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </section>
  );
}
