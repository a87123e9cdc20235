/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { identity } from "../../lib/identity";
import { account } from "../../lib/me";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { LinkIcon, PenIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { KnockList } from "./knock-list";
import { LockSwitch } from "./lock-switch";
import { ordered } from "./order";
import { PersonRow } from "./person-row";
import { ProfileForm } from "./profile-form";
import { useRoles } from "./roles";
import { Verified } from "./verified";
import "./list.css";

type Props = {
  /** Called when something was done after which the list is in the way. */
  readonly onGone?: () => void;
};

/** Who is here and where, and what can be done about it. */
export function PeopleList({ onGone = () => undefined }: Props): ReactNode {
  const session = useSession();
  const { people: w } = useWords();
  const me = useStore(identity);
  const known = useStore(account);
  const others = ordered(useStore(useSession().peers)).filter((p) => !p.me);
  const role = useRoom((view) => view.role);
  const roleOf = useRoles();
  const [editing, setEditing] = useState(false);
  const [edited, setEdited] = useState(false);
  const done = (): void => {
    setEditing(false);
    setEdited(true);
  };
  if (editing) return <ProfileForm onDone={done} />;
  const bring = (): void => {
    session.client.bring();
    session.notes.info(w.bring.done);
    onGone();
  };
  return (
    <>
      {role === "owner" ? <KnockList /> : null}
      <div className="person me">
        <Avatar name={known?.name ?? me.name} color={me.color} size={30} />
        <span className="person-words">
          <span className="person-name">
            {known?.name ?? me.name} {known === undefined ? null : <Verified />} <span className="you">{w.you}</span>
          </span>
          {role === undefined ? null : <span className="person-place">{w.roles[role]}</span>}
        </span>
        <Button look="quiet" small autoFocus={edited} onPress={() => setEditing(true)} aria-label={w.editHint}>
          <PenIcon size={14} /> {w.edit}
        </Button>
      </div>
      <ul className="person-list" aria-label={w.others}>
        {others.map((peer) => (
          <li key={peer.session}>
            <PersonRow peer={peer} role={roleOf(peer.person) ?? peer.role} onGone={onGone} />
          </li>
        ))}
      </ul>
      {others.length > 0 ? null : <p className="alone">{w.alone}</p>}
      <div className="people-actions">
        {others.length > 0 && (role === "owner" || role === "editor") ? (
          <Button small onPress={bring}>
            {w.bring.action}
          </Button>
        ) : null}
        <Button
          small
          onPress={() => {
            onGone();
            session.people.asking.set({ kind: "share" });
          }}
        >
          <LinkIcon size={14} /> {w.share.button}
        </Button>
      </div>
      {role === "owner" ? <LockSwitch /> : null}
    </>
  );
}

/** The list in the sidebar. */
export function PeopleView(): ReactNode {
  const { people: w } = useWords();
  return (
    <div className="people-view">
      <h2>{w.title}</h2>
      <PeopleList />
    </div>
  );
}
