import { useState, type ReactNode } from "react";
import { ago, number } from "../lib/format";
import { Button } from "../ui/button";
import { fetchScim, fetchScimGroups, fields, orgPath, send, text, type ScimToken } from "./api";
import { OwnersOnly } from "./owners-only";
import { Confirm, CopyField, Empty, Failed, Field, Page, Problem, Section } from "./parts";
import { Rich } from "./rich";
import type { OrgShown } from "./shown";
import { day } from "./time";
import { useDoing, useLoad } from "./use-load";
import { useGuideWords, useOfficeWords } from "./use-words";

/** SCIM: what the identity provider has to know to add people and take them away by itself. */
export function ProvisioningPage({ org }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.provisioning;
  return (
    <Page title={words.sections.provisioning} lead={w.lead}>
      {org.role === "owner" ? null : <OwnersOnly />}
      <Tokens org={org.id} able={org.role === "owner"} />
      <Groups org={org.id} able={org.role === "owner"} />
      <Section title={w.guide}>
        <ScimGuides />
      </Section>
    </Page>
  );
}

/** The steps at both providers, one shown at a time. */
function ScimGuides(): ReactNode {
  const guide = useGuideWords();
  return (
    <div className="office-folds">
      {(["okta", "entra"] as const).map((id) => (
        <details key={id} className="office-fold">
          <summary>{guide.providers[id]?.[0]}</summary>
          <ol className="office-list">
            {guide.scim[id].map((line) => (
              <li key={line}>
                <Rich text={line} />
              </li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}

function Tokens({ org, able }: { readonly org: string; readonly able: boolean }): ReactNode {
  const w = useOfficeWords().provisioning;
  const [scim, again] = useLoad(org, (signal) => fetchScim(org, signal));
  const tokens = scim.data?.tokens;
  const [name, setName] = useState("");
  const [made, setMade] = useState<{ readonly name: string; readonly token: string } | undefined>();
  const [ending, setEnding] = useState<ScimToken | undefined>();
  const { busy, problem, run } = useDoing();
  const make = async (): Promise<void> => {
    const body = fields(await send("POST", orgPath(org, "scim-tokens"), { name: name.trim() }));
    setMade({ name: name.trim(), token: text(body["token"]) });
    setName("");
    again();
  };
  return (
    <>
    <Section title={w.values}>
      <div className="office-copies">
        <CopyField name={w.base} hint={w.baseNames} value={scim.data?.base ?? "…"} />
      </div>
    </Section>
    <Section title={w.tokens} hint={w.tokensHint}>
      {able ? (
        <form
          className="office-line"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "") run(make);
          }}
        >
          <Field label={w.name} value={name} onChange={setName} hint={w.nameHint} required />
          <Button type="submit" isPending={busy} isDisabled={name.trim() === ""}>
            {w.make}
          </Button>
        </form>
      ) : null}
      <Problem text={problem} />
      {made === undefined ? null : (
        <output className="office-once">
          <CopyField name={w.ready(made.name)} value={made.token} />
          <span>{w.readyHint}</span>
        </output>
      )}
      {scim.problem === undefined ? null : <Failed problem={scim.problem} onRetry={again} />}
      {tokens?.length === 0 ? <Empty title={w.none}>{w.noneText}</Empty> : null}
      {tokens === undefined || tokens.length === 0 ? null : (
        <ul className="office-lines">
          {tokens.map((token) => (
            <Line key={token.id} token={token} {...(able ? { onRevoke: () => setEnding(token) } : {})} />
          ))}
        </ul>
      )}
      {ending === undefined ? null : (
        <Confirm
          title={w.revokeTitle(ending.name)}
          text={w.revokeText}
          button={w.revoke}
          onDo={async () => {
            await send("DELETE", orgPath(org, "scim-tokens", ending.id));
            setMade(undefined);
            again();
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Section>
    </>
  );
}

/** The groups that the provider has sent, and what they make of their people. */
function Groups({ org, able }: { readonly org: string; readonly able: boolean }): ReactNode {
  const words = useOfficeWords();
  const w = words.provisioning;
  const [groups, again] = useLoad(org, (signal) => fetchScimGroups(org, signal));
  const { problem, run } = useDoing();
  if (groups.data === undefined || groups.data.length === 0) return null;
  const give = async (group: string, role: string): Promise<void> => {
    await send("PUT", orgPath(org, "groups", group), { role });
    again();
  };
  return (
    <Section title={w.groups} hint={w.groupsHint}>
      <ul className="office-lines">
        {groups.data.map(({ id, name, role, members }) => (
          <li key={id}>
            <span>
              <strong>{name}</strong>
              <small>{w.groupPeople(number(members))}</small>
            </span>
            <select
              className="input office-select"
              aria-label={w.groupRole(name)}
              value={role ?? ""}
              disabled={!able}
              onChange={(event) => run(() => give(id, event.target.value))}
            >
              <option value="">{w.groupNone}</option>
              <option value="member">{words.roles["member"]}</option>
              <option value="admin">{words.roles["admin"]}</option>
            </select>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
    </Section>
  );
}

function Line({ token, onRevoke }: { readonly token: ScimToken; readonly onRevoke?: () => void }): ReactNode {
  const w = useOfficeWords().provisioning;
  const [now] = useState(() => Date.now());
  return (
    <li>
      <span>
        <strong>{token.name}</strong>
        <small>
          {w.made(day(token.created))} · {token.seen === 0 ? w.unused : w.used(ago(token.seen, now))}
        </small>
      </span>
      {onRevoke === undefined ? null : (
        <Button small aria-label={w.revokeOf(token.name)} onPress={onRevoke}>
          {w.revoke}
        </Button>
      )}
    </li>
  );
}
