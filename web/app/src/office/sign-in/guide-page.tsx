import { useState, type ReactNode } from "react";
import { go } from "../../lib/route";
import { BackIcon } from "../../ui/icons";
import { Button } from "../../ui/button";
import { Loading } from "../../ui/loading";
import { fetchConnection, orgPath, send, type Connection } from "../api";
import { Confirm, CopyField, Failed, Notice, Page, PageLink, Section } from "../parts";
import type { OrgShown } from "../shown";
import { useLoad } from "../use-load";
import { useGuideWords } from "../use-words";
import { GroupsStep } from "./groups-step";
import { GuideStepView } from "./guide-step";
import { OnStep } from "./on-step";
import { State } from "./sign-in-state";
import { Step } from "./step";
import { TestStep } from "./test-step";
import { TheirValues } from "./their-values";
import { isFilled, ourValues, providerOf, type Provider } from "./values";

type Props = OrgShown & { readonly connection: string };

/** The guided set-up of one connection: what to do at the provider, what to bring back, the test, and the switch. */
export function GuidePage({ org, connection: id, onChange }: Props): ReactNode {
  const w = useGuideWords();
  const [connection, again] = useLoad(id, (signal) => fetchConnection(org.id, id, signal));
  return (
    <>
      <PageLink to={`/orgs/${org.id}/sign-in`} className="office-back">
        <BackIcon size={14} /> {w.backToAll}
      </PageLink>
      {connection.data === undefined ? (
        connection.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={connection.problem} onRetry={again} />
        )
      ) : (
        <Guide org={org} connection={connection.data} onSaved={again} onChange={onChange} />
      )}
    </>
  );
}

type GuideProps = Pick<OrgShown, "org" | "onChange"> & { readonly connection: Connection; readonly onSaved: () => void };

function Guide({ org, connection, onSaved, onChange }: GuideProps): ReactNode {
  const w = useGuideWords();
  const [provider] = useState<Provider>(() => providerOf(connection));
  const [works, setWorks] = useState(false);
  const [turn, setTurn] = useState(0);
  const changed = (): void => {
    setTurn(turn + 1); // what was tested was something else
    setWorks(false);
    onSaved();
  };
  const [removing, setRemoving] = useState(false);
  const guide = w.guides[`${provider}-${connection.kind}`];
  const values = ourValues(connection.origin || location.origin, connection, provider);
  const filled = isFilled(connection);
  const first = guide?.steps.length ?? 0;
  const known = provider === "other" ? w.yourProvider : (w.providers[provider]?.[0] ?? connection.name);
  return (
    <Page
      title={connection.name}
      lead={
        <span className="office-inline">
          {w.kinds[connection.kind]} <State on={connection.enabled} />
        </span>
      }
    >
      {connection.origin === "" ? <Notice kind="warn">{w.noOrigin}</Notice> : null}
      <ol className="office-steps">
        {guide?.steps.map((step, i) => (
          <GuideStepView key={step.title} n={i + 1} step={step} values={values} done={filled} />
        ))}
        <Step n={first + 1} title={w.theirs(known)} done={filled}>
          <TheirValues org={org.id} connection={connection} provider={provider} where={guide?.theirs ?? []} onSaved={changed} />
        </Step>
        {connection.kind === "oidc" && provider === "google" ? null : (
          <Step n={first + 2} title={w.groups} done={false} optional>
            <GroupsStep
              org={org.id}
              connection={connection}
              provider={provider}
              says={guide?.groups ?? ""}
              onSaved={onSaved}
              isDisabled={!filled}
            />
          </Step>
        )}
        <Step n={first + (connection.kind === "oidc" && provider === "google" ? 2 : 3)} title={w.test} done={works}>
          <TestStep key={turn} org={org.id} connection={connection} isDisabled={!filled} onWorks={setWorks} />
        </Step>
        <Step n={first + (connection.kind === "oidc" && provider === "google" ? 3 : 4)} title={w.on} done={connection.enabled}>
          <OnStep org={org} connection={connection} tested={works} onSaved={onSaved} onChange={onChange} />
        </Step>
      </ol>
      <details className="office-fold">
        <summary>{w.allValues}</summary>
        <p className="office-hint">{w.allValuesHint}</p>
        <div className="office-copies">
          {Object.entries(values)
            .filter(([key]) => w.values[key] !== undefined)
            .map(([key, value]) => (
              <CopyField key={key} name={w.values[key] ?? key} value={value} />
            ))}
        </div>
      </details>
      {org.role === "owner" ? (
        <Section title={w.remove} hint={w.removeText}>
          <Button className="danger" onPress={() => setRemoving(true)}>
            {w.removeButton}
          </Button>
        </Section>
      ) : null}
      {removing ? (
        <Confirm
          title={w.removeTitle(connection.name)}
          text={w.removeText}
          button={w.removeNow}
          onDo={async () => {
            await send("DELETE", orgPath(org.id, "connections", connection.id));
            onChange();
            go(`/orgs/${org.id}/sign-in`);
          }}
          onClose={() => setRemoving(false)}
        />
      ) : null}
    </Page>
  );
}
