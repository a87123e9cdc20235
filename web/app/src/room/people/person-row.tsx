import type { Peer, Role } from "@codecollab/client";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/button";
import { EyeIcon, MoreIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { placeOf } from "./order";
import { giveRole, giveVoice, type GivenRole } from "./powers";
import { giveRun } from "./doors";
import { useTry } from "./try";
import { useAccessWords } from "./use-words";
import { Verified } from "./verified";
import { PersonVoice } from "../voice/person-voice";
import { useVoiceWords } from "../voice/voice-words";

type Props = { readonly peer: Peer; readonly role: Role | undefined; readonly onGone: () => void };

/** Somebody else: who, what they may do, where they are; press to go there, or follow. */
export function PersonRow({ peer, role, onGone }: Props): ReactNode {
  const session = useSession();
  const { people: w } = useWords();
  const a = useAccessWords();
  const files = useRoom((view) => view.files);
  const owner = useRoom((view) => view.role === "owner");
  const speaking = useStore(session.voice.levels).has(peer.client);
  const followed = useStore(session.people.following)?.client === peer.client;
  const where = placeOf(peer, files, (file, at) => session.editor.line(file, at));
  const place = peer.away ? w.away : (where ?? w.nowhere);
  const follow = (): void => {
    if (followed) session.people.release();
    else {
      session.people.follow(peer);
      onGone();
    }
  };
  return (
    <>
    <div className="person-row">
      <AriaButton
        className="person item"
        isDisabled={where === undefined}
        aria-label={(where === undefined ? w.someone(peer.name, place) : w.goTo(peer.name, place)) + (peer.verified === true ? `. ${a.verified}` : "")}
        onPress={() => {
          onGone();
          if (peer.file !== undefined) session.jump(peer.file, peer.head);
        }}
      >
        <Avatar name={peer.name} color={peer.color} away={peer.away} size={30} speaking={speaking} />
        <span className="person-words">
          <span className="person-name">
            {peer.name} {peer.verified === true ? <Verified /> : null}
          </span>
          <span className="person-place">
            {place}
            {role === undefined || role === "editor" ? null : <span className="role-tag"> · {w.roles[role]}</span>}
          </span>
        </span>
      </AriaButton>
      <IconButton small name={followed ? w.follow.stop(peer.name) : w.follow.start(peer.name)} aria-pressed={followed} onPress={follow}>
        <EyeIcon size={15} />
      </IconButton>
      {owner ? <RoleMenu peer={peer} role={role} onGone={onGone} /> : null}
    </div>
    <PersonVoice client={peer.client} person={peer.person} name={peer.name} />
    </>
  );
}

/** What an owner can make of somebody. */
function RoleMenu({ peer, role, onGone }: Props): ReactNode {
  const { room, people, voice } = useSession();
  const { people: w } = useWords();
  const a = useAccessWords();
  const v = useVoiceWords().person;
  const attempt = useTry();
  const act = (id: string): void => {
    if (id === "run-yes" || id === "run-no") {
      void attempt(() => giveRun(room, peer.person, id === "run-yes" ? "yes" : "no"));
      return;
    }
    if (id === "silence" || id === "unsilence") {
      void attempt(() => giveVoice(room, peer.person, id === "unsilence"));
      return;
    }
    if (id === "remove") {
      onGone();
      people.asking.set({ kind: "remove", person: peer.person, name: peer.name });
      return;
    }
    attempt(() => giveRole(room, peer.person, id as GivenRole));
  };
  const grant = useRoom((view) => view.members.find(({ person }) => person === peer.person)?.run);
  const silent = useRoom((view) => view.members.find(({ person }) => person === peer.person)?.muted === true);
  const talking = useStore(voice.people)?.people.some(({ client }) => client === peer.client) === true;
  const heard = silent ? [{ id: "unsilence", name: v.unsilence }] : talking ? [{ id: "silence", name: v.silence }] : [];
  const runners = useRoom((view) => view.access.runners);
  const mayRun = grant === "yes" || (grant === undefined && (role === "owner" ? runners !== "named" : role === "editor" && runners === undefined));
  const roles = (["viewer", "editor", "owner"] as const).filter((r) => r !== role);
  return (
    <MenuPop
      label={w.menu.of(peer.name)}
      renderButton={(trigger) => (
        <IconButton small name={w.menu.of(peer.name)} {...trigger}>
          <MoreIcon size={15} />
        </IconButton>
      )}
      entries={[...roles.map((r) => ({ id: r, name: w.menu[r] })), mayRun ? { id: "run-no", name: a.menu.runNo } : { id: "run-yes", name: a.menu.runYes }, ...heard, { id: "remove", name: w.menu.remove, danger: true }]}
      onAction={act}
    />
  );
}
