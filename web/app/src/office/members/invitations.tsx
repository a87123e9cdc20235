import { useId, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { fetchInvitations, invite, orgPath, roles, send, type Invitation, type Member, type OrgRole } from "../api";
import { CopyField, Failed, Problem, Section } from "../parts";
import type { OrgShown } from "../shown";
import { day } from "../time";
import { useDoing, useLoad } from "../use-load";
import { useOfficeWords } from "../use-words";
import { rolesToGive } from "./members";

type Props = Pick<OrgShown, "org"> & { readonly members: readonly Member[] };

/** The links by which people come in: makes them, shows each once, and takes them back. */
export function Invitations({ org, members }: Props): ReactNode {
  const words = useOfficeWords();
  const w = words.invitations;
  const id = useId();
  const [open, again] = useLoad(org.id, (signal) => fetchInvitations(org.id, signal));
  const [role, setRole] = useState<OrgRole>("member");
  const [link, setLink] = useState("");
  const [said, setSaid] = useState("");
  const { busy, problem, run } = useDoing();
  const make = async (): Promise<void> => {
    setLink(await invite(org.id, role));
    again();
  };
  const revoke = async (invitation: Invitation): Promise<void> => {
    await send("DELETE", orgPath(org.id, "invitations", invitation.id));
    setSaid(w.revoked);
    setLink("");
    again();
  };
  return (
    <Section title={w.title} hint={w.hint} className="office-box">
      <div className="office-line">
        <div className="office-field">
          <label className="label" htmlFor={id}>
            {w.role}
          </label>
          <select id={id} className="input" value={role} onChange={(event) => setRole(event.target.value as OrgRole)}>
            {roles
              .filter((one) => rolesToGive(org.role).includes(one))
              .map((one) => (
                <option key={one} value={one}>
                  {words.roles[one]} – {words.roleHints[one]}
                </option>
              ))}
          </select>
        </div>
        <Button look="accent" isPending={busy} onPress={() => run(make)}>
          {w.make}
        </Button>
      </div>
      <Problem text={problem} />
      {link === "" ? null : (
        <output className="office-once">
          <CopyField name={w.ready} value={link} />
          <span>{w.readyHint}</span>
        </output>
      )}
      {open.problem === undefined ? null : <Failed problem={open.problem} onRetry={again} />}
      {open.data === undefined || open.data.length === 0 ? (
        <p className="office-hint">{open.data === undefined ? "" : w.none}</p>
      ) : (
        <ul className="office-lines">
          {open.data.map((one) => (
            <Line key={one.id} invitation={one} by={members.find(({ account }) => account === one.by)?.name ?? ""} onRevoke={() => run(() => revoke(one))} />
          ))}
        </ul>
      )}
      <output className="hidden">{said}</output>
    </Section>
  );
}

type LineProps = { readonly invitation: Invitation; readonly by: string; readonly onRevoke: () => void };

function Line({ invitation, by, onRevoke }: LineProps): ReactNode {
  const words = useOfficeWords();
  const w = words.invitations;
  const role = words.roles[invitation.role] ?? invitation.role;
  const made = day(invitation.created);
  return (
    <li>
      <span>
        <strong>{w.open(role)}</strong>
        <small>
          {[invitation.email, by === "" ? made : w.by(by, made), invitation.expires === 0 ? "" : w.until(day(invitation.expires))]
            .filter((part) => part !== "")
            .join(" · ")}
        </small>
      </span>
      <Button small aria-label={w.revokeOf(role, made)} onPress={onRevoke}>
        {w.revoke}
      </Button>
    </li>
  );
}
