import type { ClientFile, Peer } from "@codecollab/client";
import { useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { count } from "../../lib/format";
import { identity } from "../../lib/identity";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { PenIcon } from "../../ui/icons";
import { Pop } from "../../ui/pop";
import { useRoom, useSession } from "../context";
import { ProfileForm } from "./profile-form";

const most = 4;

/** The faces of those who are here; pressed, the list of them. */
export function PeopleButton(): ReactNode {
  const peers = ordered(useRoom((view) => view.peers));
  const me = useStore(identity);
  const others = peers.filter((p) => !p.me);
  const faces = others.slice(0, most);
  const total = others.length + 1;
  return (
    <Pop
      label="People"
      renderButton={(trigger) => (
        <AriaButton className="button quiet people-button" aria-label={`People: ${count(total, "person", "people")} here`} {...trigger}>
          <span className="faces">
            {others.length > most ? <span className="avatar more">+{others.length - most}</span> : null}
            {faces.map((p) => (
              <Avatar key={p.session} name={p.name} color={p.color} away={p.away} />
            ))}
            <Avatar name={me.name} color={me.color} />
          </span>
        </AriaButton>
      )}
    >
      {(close) => (
        <div className="people">
          <People peers={peers} onClose={close} />
        </div>
      )}
    </Pop>
  );
}

function People({ peers, onClose }: { readonly peers: readonly Peer[]; readonly onClose: () => void }): ReactNode {
  const session = useSession();
  const files = useRoom((view) => view.files);
  const me = useStore(identity);
  const [editing, setEditing] = useState(false);
  if (editing) return <ProfileForm onDone={() => setEditing(false)} />;
  return (
    <>
      <div className="person me">
        <Avatar name={me.name} color={me.color} size={30} />
        <span className="person-words">
          <span className="person-name">
            {me.name} <span className="you">you</span>
          </span>
        </span>
        <Button look="quiet" small onPress={() => setEditing(true)} aria-label="Edit your name and colour">
          <PenIcon size={14} /> Edit
        </Button>
      </div>
      <ul className="person-list" aria-label="Others">
        {peers
          .filter((p) => !p.me)
          .map((p) => (
            <li key={p.session}>
              <Person
                peer={p}
                where={placeOf(p, files, (file, at) => session.editor.line(file, at))}
                onJump={() => {
                  onClose();
                  if (p.file !== undefined) session.jump(p.file, p.head);
                }}
              />
            </li>
          ))}
      </ul>
      {peers.some((p) => !p.me) ? null : <p className="alone">Nobody else is here yet. Send the link to somebody.</p>}
    </>
  );
}

function Person({ peer, where, onJump }: { readonly peer: Peer; readonly where: string | undefined; readonly onJump: () => void }): ReactNode {
  const words = peer.away ? "away" : (where ?? "in no file");
  return (
    <AriaButton className="person item" isDisabled={where === undefined} onPress={onJump} aria-label={`${peer.name}, ${words}${where === undefined ? "" : ", go there"}`}>
      <Avatar name={peer.name} color={peer.color} away={peer.away} size={30} />
      <span className="person-words">
        <span className="person-name">{peer.name}</span>
        <span className="person-place">{words}</span>
      </span>
    </AriaButton>
  );
}

function placeOf(peer: Peer, files: readonly ClientFile[], line: (file: string, at: number) => number): string | undefined {
  const file = files.find(({ id }) => id === peer.file);
  return file === undefined ? undefined : `${file.name}:${line(file.id, peer.head)}`;
}

function ordered(peers: readonly Peer[]): readonly Peer[] {
  return peers.toSorted((a, b) => Number(a.away) - Number(b.away) || a.name.localeCompare(b.name));
}
