import { useState, type ReactNode } from "react";
import { go } from "../../lib/route";
import { Button } from "../../ui/button";
import { ChevronIcon } from "../../ui/icons";
import { Loading } from "../../ui/loading";
import { connectionOf, fetchConnections, orgPath, send, type Connection, type Kind } from "../api";
import { OwnersOnly } from "../owners-only";
import { Empty, Failed, Page, PageLink, Problem, Section } from "../parts";
import type { OrgShown } from "../shown";
import { useDoing, useLoad } from "../use-load";
import { useGuideWords, useOfficeWords } from "../use-words";
import { Enforce } from "./enforce";
import { GuidePage } from "./guide-page";
import { ProviderMark, State } from "./sign-in-state";
import { names, providerOf, providers, usual, type Provider } from "./values";

/** Single sign-on: the connections of an organisation, or the guide for one of them. */
export function SignInPage({ connection, ...shown }: OrgShown & { readonly connection?: string }): ReactNode {
  return connection === undefined ? <Connections {...shown} /> : <GuidePage key={connection} {...shown} connection={connection} />;
}

function Connections({ org, onChange }: OrgShown): ReactNode {
  const { sections } = useOfficeWords();
  const w = useGuideWords();
  const [all, again] = useLoad(org.id, (signal) => fetchConnections(org.id, signal));
  const [choosing, setChoosing] = useState(false);
  const able = org.role === "owner";
  const some = (all.data ?? []).length > 0;
  const anyOn = (all.data ?? []).some(({ enabled }) => enabled);
  return (
    <Page title={sections["sign-in"]} lead={w.lead}>
      {able ? null : <OwnersOnly />}
      {all.data === undefined ? (
        all.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={all.problem} onRetry={again} />
        )
      ) : choosing ? (
        <Choose org={org.id} onCancel={() => setChoosing(false)} />
      ) : some ? (
        <>
          <ul className="office-cards">
            {all.data.map((one) => (
              <Line key={one.id} org={org.id} connection={one} />
            ))}
          </ul>
          {able ? (
            <Button className="office-start" onPress={() => setChoosing(true)}>
              {w.another}
            </Button>
          ) : null}
          {able && (anyOn || org.enforced) ? <Enforce org={org} onChange={onChange} heading="h2" /> : null}
        </>
      ) : (
        <Empty
          title={w.none}
          action={
            able ? (
              <Button look="accent" onPress={() => setChoosing(true)}>
                {w.begin}
              </Button>
            ) : null
          }
        >
          {w.noneText}
        </Empty>
      )}
    </Page>
  );
}

function Line({ org, connection }: { readonly org: string; readonly connection: Connection }): ReactNode {
  const w = useGuideWords();
  return (
    <li>
      <PageLink to={`/orgs/${org}/sign-in/${connection.id}`} className="office-card">
        <ProviderMark provider={providerOf(connection)} />
        <span className="office-card-text">
          <strong>{connection.name}</strong>
          <small>{w.kinds[connection.kind]}</small>
        </span>
        <State on={connection.enabled} />
        <ChevronIcon size={14} />
      </PageLink>
    </li>
  );
}

/** The first question of the guide: which provider, and which of both ways. */
function Choose({ org, onCancel }: { readonly org: string; readonly onCancel: () => void }): ReactNode {
  const w = useGuideWords();
  const [provider, setProvider] = useState<Provider>("okta");
  const [kind, setKind] = useState<Kind>(usual.okta);
  const { busy, problem, run } = useDoing();
  const begin = async (): Promise<void> => {
    const name = provider === "other" ? w.kinds[kind] : names[provider];
    const made = connectionOf(await send("POST", orgPath(org, "connections"), { kind, name, settings: {} }));
    go(`/orgs/${org}/sign-in/${made.id}`);
  };
  return (
    <Section title={w.choose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(begin);
        }}
      >
        <fieldset className="office-choices">
          <legend className="hidden">{w.choose}</legend>
          {providers.map((id) => (
            <label key={id} className="office-choice">
              <input
                type="radio"
                name="provider"
                checked={provider === id}
                onChange={() => {
                  setProvider(id);
                  setKind(usual[id]);
                }}
              />
              <ProviderMark provider={id} />
              <span>
                <strong>{w.providers[id]?.[0]}</strong>
                <small>{w.providers[id]?.[1]}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className="office-choices">
          <legend>{w.kind}</legend>
          {(["saml", "oidc"] as const).map((id) => (
            <label key={id} className="office-choice">
              <input type="radio" name="kind" checked={kind === id} onChange={() => setKind(id)} />
              <span>
                <strong>{w.kinds[id]}</strong>
                {usual[provider] === id ? <em>{w.usual}</em> : null}
                <small>{w.kindHints[id]}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <Problem text={problem} />
        <div className="office-actions">
          <Button type="submit" look="accent" isPending={busy}>
            {w.start}
          </Button>
          <Button onPress={onCancel}>{w.back}</Button>
        </div>
      </form>
    </Section>
  );
}
