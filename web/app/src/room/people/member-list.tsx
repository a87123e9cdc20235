import type { MemberView } from "@codecollab/client";
import type { ReactNode } from "react";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { giveRun } from "./doors";
import { giveRole, type GivenRole } from "./powers";
import { useTry } from "./try";
import { useAccessWords } from "./use-words";
import { Verified } from "./verified";

const roles: readonly GivenRole[] = ["owner", "editor", "viewer", "removed"];

/** Everybody of whom the log says something, here or not, so that an owner can say something else. */
export function MemberList(): ReactNode {
  const { people: w } = useWords();
  const members = useRoom((view) => view.members);
  const me = useRoom((view) => view.person);
  const named = useRoom((view) => view.access.runners === "named");
  const shown = members.filter(({ person, role }) => role !== undefined && (person !== me || named));
  if (shown.length === 0) return null;
  return (
    <section className="member-list">
      <h3>{w.share.access}</h3>
      <ul>
        {shown.map((member) => (
          <MemberRow key={member.person} member={member} mine={member.person === me} />
        ))}
      </ul>
    </section>
  );
}

function MemberRow({ member, mine }: { readonly member: MemberView; readonly mine: boolean }): ReactNode {
  const { room } = useSession();
  const { people: w } = useWords();
  const a = useAccessWords();
  const known = useRoom((view) => view.people.find((p) => p.person === member.person));
  const here = useRoom((view) => view.peers.find((p) => p.person === member.person));
  const attempt = useTry();
  const name = here?.name ?? known?.name ?? w.somebody;
  return (
    <li>
      <span className="person-name">
        {name} {mine ? <span className="you">{w.you}</span> : null} {(here ?? known)?.verified === true ? <Verified /> : null}
      </span>
      {mine ? null : (
        <select
          className="input"
          aria-label={w.share.roleOf(name)}
          value={member.role}
          onChange={(event) => {
            const next = event.target.value as GivenRole;
            void attempt(() => giveRole(room, member.person, next));
          }}
        >
          {roles.map((r) => (
            <option key={r} value={r}>
              {w.roles[r]}
            </option>
          ))}
        </select>
      )}
      {member.role === "removed" ? null : (
        <select
          className="input"
          aria-label={a.run.of(name)}
          value={member.run ?? "rule"}
          onChange={(event) => {
            const next = event.target.value as "yes" | "no" | "rule";
            void attempt(() => giveRun(room, member.person, next));
          }}
        >
          <option value="rule">{a.run.rule}</option>
          <option value="yes">{a.run.yes}</option>
          <option value="no">{a.run.no}</option>
        </select>
      )}
    </li>
  );
}
