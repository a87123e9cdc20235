import { useEffect, useState, type ReactNode } from "react";
import { loadMe, me } from "../../lib/me";
import { useStore } from "../../lib/store";
import { useRoom, useSession } from "../context";
import { Choice } from "./choice";
import { setAccess, type Opening, type Runners, type Visibility } from "./doors";
import { PasscodeField } from "./passcode-field";
import { useAccessWords, useAttempt } from "./use-words";

const visibilities: readonly Visibility[] = ["link", "invited", "organisation"];
const runners: readonly Runners[] = ["editors", "owners", "named"];

/** Who may come in, and who runs programs, for owners. */
export function AccessForm(): ReactNode {
  const { room } = useSession();
  const w = useAccessWords();
  const access = useRoom((view) => view.access);
  const attempt = useAttempt();
  // What was asked for shows at once; the room's answer comes a moment later.
  const [wanted, setWanted] = useState<Opening>({});
  const change = (opening: Opening): void => {
    setWanted(opening);
    void attempt(() => setAccess(room, opening)).then(() => setWanted({}));
  };
  const orgs = useOrgs(access.org, access.org_name);
  const now = wanted.visibility ?? (access.visibility as Visibility | undefined) ?? (access.closed ? "link" : undefined);
  const chosen = wanted.org ?? access.org ?? orgs[0]?.id ?? "";
  const pick = (visibility: Visibility): void =>
    change(visibility === "organisation" ? { visibility, org: chosen, org_role: access.org_role ?? "editor" } : { visibility });
  const flag = (name: "waiting" | "signed_in"): boolean => wanted[name] ?? access[name] === true;
  return (
    <section className="access-form">
      <fieldset>
        <legend>{w.who}</legend>
        {visibilities.map((v) => (
          <label key={v} className="choice">
            <input type="radio" name="visibility" value={v} checked={now === v} disabled={v === "organisation" && orgs.length === 0} onChange={() => pick(v)} />
            <span>
              {w.visibility[v]}
              {v === now && v !== "link" ? <small>{w.visibilityHint[v]}</small> : null}
              {v === "organisation" && orgs.length === 0 ? <small>{w.noOrg}</small> : null}
            </span>
          </label>
        ))}
        {now !== "organisation" ? null : (
          <div className="access-org">
            <label>
              <span className="label">{w.org}</span>
              <select className="input" value={chosen} onChange={(event) => change({ org: event.target.value })}>
                {orgs.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span className="label">{w.orgRole}</span>
              <select className="input" value={wanted.org_role ?? access.org_role ?? "editor"} onChange={(event) => change({ org_role: event.target.value })}>
                <option value="editor">{w.roles.editor}</option>
                <option value="viewer">{w.roles.viewer}</option>
              </select>
            </label>
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend>{w.options}</legend>
        <Choice on={flag("waiting")} words={w.waiting} hint={w.waitingHint} onChange={(waiting) => change({ waiting })} />
        <Choice on={flag("signed_in")} words={w.signedIn} hint={w.signedInHint} onChange={(signed_in) => change({ signed_in })} />
        <PasscodeField />
      </fieldset>
      <label className="access-runners">
        <span className="label">{w.runners}</span>
        <select className="input" value={wanted.runners ?? access.runners ?? "editors"} onChange={(event) => change({ runners: event.target.value as Runners })}>
          {runners.map((r) => (
            <option key={r} value={r}>
              {w.runnersOf[r]}
            </option>
          ))}
        </select>
        <small>{w.runnersHint}</small>
      </label>
    </section>
  );
}

/** The organisations that the room can belong to: those of this person, and the one that it belongs to. */
function useOrgs(org: string | undefined, name: string | undefined): readonly { readonly id: string; readonly name: string }[] {
  const mine = useStore(me)?.orgs;
  useEffect(() => {
    if (mine === undefined) loadMe().catch(() => undefined); // without them, there is nothing to choose
  }, [mine]);
  const list = (mine ?? []).map((o) => ({ id: o.id, name: o.name }));
  return org === undefined || list.some(({ id }) => id === org) ? list : [{ id: org, name: name ?? org }, ...list];
}
