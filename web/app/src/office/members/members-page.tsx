import { useState, type ReactNode } from "react";
import { ago, number } from "../../lib/format";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/button";
import { CloseIcon, SearchIcon } from "../../ui/icons";
import { Loading } from "../../ui/loading";
import { fetchMembers, orgPath, roles, send, type Member, type OrgRole } from "../api";
import { Confirm, Failed, Page, Problem } from "../parts";
import type { OrgShown } from "../shown";
import { problemOf, useLoad } from "../use-load";
import { useOfficeWords } from "../use-words";
import { colorOf, fits, mayChange, rolesToGive } from "./members";
import { Invitations } from "./invitations";

/** The people of an organisation, and those who are invited. */
export function MembersPage({ org, account, onChange }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.members;
  const [members, again] = useLoad(org.id, (signal) => fetchMembers(org.id, signal));
  const [query, setQuery] = useState("");
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState<Member | undefined>();
  const all = members.data ?? [];
  const found = all.filter((member) => fits(member, query));

  const give = (member: Member, role: OrgRole): void => {
    setProblem("");
    send("PUT", orgPath(org.id, "members", member.account), { role }).then(
      () => {
        setSaid(w.roleNow(member.name, words.roles[role] ?? role));
        again();
        if (member.account === account.id) onChange();
      },
      (error: unknown) => {
        setProblem(problemOf(error).message);
        again();
      },
    );
  };
  return (
    <Page title={words.sections.members} lead={w.lead}>
      {org.role === "member" ? null : <Invitations org={org} members={all} />}
      <div className="office-filter">
        <label className="office-search">
          <SearchIcon size={14} />
          <span className="hidden">{w.search}</span>
          <input type="search" placeholder={w.search} value={query} onChange={(event) => setQuery(event.target.value)} />
        </label>
        <span className="office-count">{members.data === undefined ? "" : all.length === 1 ? w.one : w.count(number(all.length))}</span>
      </div>
      <Problem text={problem} />
      {members.data === undefined ? (
        members.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={members.problem} onRetry={again} />
        )
      ) : found.length === 0 ? (
        <p className="office-none">{w.none(query)}</p>
      ) : (
        <table className="office-table">
          <thead>
            <tr>
              <th scope="col">{w.name}</th>
              <th scope="col">{w.role}</th>
              <th scope="col">{w.how}</th>
              <th scope="col">{w.seen}</th>
              <th scope="col">
                <span className="hidden">{w.removeButton}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((member) => (
              <Row
                key={member.account}
                member={member}
                me={account.id}
                mine={org.role}
                onGive={(role) => give(member, role)}
                onRemove={() => setLeaving(member)}
              />
            ))}
          </tbody>
        </table>
      )}
      <output className="hidden">{said}</output>
      {leaving === undefined ? null : (
        <Confirm
          title={w.removeTitle(leaving.name)}
          text={w.removeText}
          button={w.removeButton}
          onDo={async () => {
            await send("DELETE", orgPath(org.id, "members", leaving.account));
            setSaid(w.removed(leaving.name));
            again();
          }}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}

type RowProps = {
  readonly member: Member;
  readonly me: string;
  readonly mine: OrgRole;
  readonly onGive: (role: OrgRole) => void;
  readonly onRemove: () => void;
};

function Row({ member, me, mine, onGive, onRemove }: RowProps): ReactNode {
  const words = useOfficeWords();
  const w = words.members;
  const [now] = useState(() => Date.now());
  const able = mayChange(mine, member);
  const give = rolesToGive(mine);
  return (
    <tr data-inactive={member.active ? undefined : ""}>
      <th scope="row">
        <span className="office-person">
          <Avatar name={member.name} color={colorOf(member.account)} size={28} />
          <span>
            <strong>
              {member.name}
              {member.account === me ? <em>{w.you}</em> : null}
              {member.active ? null : <em className="bad">{w.inactive}</em>}
            </strong>
            {member.email === "" ? null : <small>{member.email}</small>}
          </span>
        </span>
      </th>
      <td data-name={w.role}>
        {able ? (
          <select
            className="input office-select"
            aria-label={w.roleOf(member.name)}
            value={member.role}
            onChange={(event) => onGive(event.target.value as OrgRole)}
          >
            {roles
              .filter((role) => give.includes(role) || role === member.role)
              .map((role) => (
                <option key={role} value={role}>
                  {words.roles[role]}
                </option>
              ))}
          </select>
        ) : (
          words.roles[member.role]
        )}
      </td>
      <td data-name={w.how}>{w.sources[member.source] ?? member.source}</td>
      <td data-name={w.seen}>{member.seen === 0 ? w.never : ago(member.seen, now)}</td>
      <td className="office-row-end">
        {able && member.account !== me ? (
          <IconButton small name={w.remove(member.name)} onPress={onRemove}>
            <CloseIcon size={14} />
          </IconButton>
        ) : null}
      </td>
    </tr>
  );
}
