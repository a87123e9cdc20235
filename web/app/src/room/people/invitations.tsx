import { useCallback, useEffect, useState, type FormEvent, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { useSession } from "../context";
import { fetchInvitations, invite, uninvite, type Invitation } from "./doors";
import { useAccessWords, useAttempt } from "./use-words";

/** Invites people by the address of their account, and lists those who have not come. */
export function Invitations(): ReactNode {
  const { room, notes } = useSession();
  const { invitations: w, roles } = useAccessWords();
  const [list, setList] = useState<readonly Invitation[]>([]);
  const [who, setWho] = useState("");
  const [role, setRole] = useState("editor");
  const attempt = useAttempt();
  // That the list cannot be had is no matter: inviting says what is wrong.
  const again = useCallback((): void => void fetchInvitations(room).then(setList, () => undefined), [room]);
  useEffect(again, [again]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const name = who.trim();
    if (name === "") return;
    void attempt(async () => {
      await invite(room, name, role);
      setWho("");
      notes.info(w.done(name));
      again();
    });
  };
  const takeBack = (name: string): void => void attempt(() => uninvite(room, name)).then(again);
  return (
    <section className="invitations">
      <h3>{w.title}</h3>
      <form onSubmit={send}>
        <input className="input" inputMode="email" aria-label={w.who} placeholder={w.who} autoComplete="off" maxLength={254} value={who} onChange={(event) => setWho(event.target.value)} />
        <select className="input" aria-label={w.role} value={role} onChange={(event) => setRole(event.target.value)}>
          <option value="editor">{roles.editor}</option>
          <option value="viewer">{roles.viewer}</option>
        </select>
        <Button type="submit" isDisabled={who.trim() === ""}>
          {w.send}
        </Button>
      </form>
      <p className="hint">{w.hint}</p>
      {list.length === 0 ? null : (
        <ul aria-label={w.list}>
          {list.map((one) => (
            <li key={one.who}>
              <span className="invited">
                {one.who} <small>{one.role === "viewer" ? roles.viewer : roles.editor}</small>
              </span>
              <Button small aria-label={w.take(one.who)} onPress={() => takeBack(one.who)}>
                {w.takeBack}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
