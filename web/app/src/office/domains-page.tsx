import { useState, type ReactNode } from "react";
import { Button, IconButton } from "../ui/button";
import { CheckIcon, ClockIcon, CloseIcon } from "../ui/icons";
import { Loading } from "../ui/loading";
import { fetchDomains, orgPath, send, type Domain } from "./api";
import { cleanDomain } from "./domain";
import { Confirm, CopyField, Empty, Failed, Field, Notice, Page } from "./parts";
import type { OrgShown } from "./shown";
import { day } from "./time";
import { problemOf, useDoing, useLoad } from "./use-load";
import { useOfficeWords } from "./use-words";
import { OwnersOnly } from "./owners-only";

/** The e-mail domains that an organisation has proven to be its own. */
export function DomainsPage({ org }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.domains;
  const [domains, again] = useLoad(org.id, (signal) => fetchDomains(org.id, signal));
  const able = org.role === "owner";
  return (
    <Page title={words.sections.domains} lead={w.lead}>
      {able ? <Add org={org.id} onAdded={again} /> : <OwnersOnly />}
      {domains.data === undefined ? (
        domains.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={domains.problem} onRetry={again} />
        )
      ) : domains.data.length === 0 ? (
        <Empty title={w.none}>{w.noneText}</Empty>
      ) : (
        <ul className="office-stack">
          {domains.data.map((domain) => (
            <Line key={domain.domain} org={org.id} domain={domain} able={able} onChange={again} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Add({ org, onAdded }: { readonly org: string; readonly onAdded: () => void }): ReactNode {
  const w = useOfficeWords().domains;
  const [name, setName] = useState("");
  const [bad, setBad] = useState(false);
  const { busy, problem, run } = useDoing();
  const add = (): void => {
    const domain = cleanDomain(name);
    const shape = /^[^\s.]+(\.[^\s.]+)+$/.test(domain);
    setBad(!shape);
    if (!shape) return;
    run(async () => {
      await send("POST", orgPath(org, "domains"), { domain });
      setName("");
      onAdded();
    });
  };
  return (
    <form
      className="office-line"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Field label={w.add} value={name} onChange={setName} hint={w.domainHint} problem={bad ? w.domainBad : problem} placeholder="example.com" />
      <Button type="submit" look="accent" isPending={busy}>
        {w.addButton}
      </Button>
    </form>
  );
}

type LineProps = { readonly org: string; readonly domain: Domain; readonly able: boolean; readonly onChange: () => void };

/** One domain: how it stands, the record that proves it, and what was found when it was looked for. */
function Line({ org, domain, able, onChange }: LineProps): ReactNode {
  const w = useOfficeWords().domains;
  const [state, setState] = useState<"" | "looking" | "found">("");
  const [problem, setProblem] = useState("");
  const [removing, setRemoving] = useState(false);
  const verified = domain.verified !== 0;
  const look = (): void => {
    setState("looking");
    setProblem("");
    send("POST", orgPath(org, "domains", domain.domain, "verify")).then(
      () => {
        setState("found");
        onChange();
      },
      (error: unknown) => {
        setState("");
        setProblem(problemOf(error).message);
      },
    );
  };
  return (
    <li className="office-box">
      <div className="office-box-head">
        <h2>{domain.domain}</h2>
        <span className={`office-mark ${verified ? "good" : "wait"}`}>
          {verified ? <CheckIcon size={13} /> : <ClockIcon size={13} />}
          {verified ? `${w.verified} ${w.since(day(domain.verified))}` : w.open}
        </span>
        {able ? (
          <IconButton small name={w.remove(domain.domain)} onPress={() => setRemoving(true)}>
            <CloseIcon size={14} />
          </IconButton>
        ) : null}
      </div>
      {verified && domain.failing === 0 ? (
        <p className="office-hint">{w.keep}</p>
      ) : (
        <>
          {domain.failing === 0 ? null : <Notice kind="warn">{w.failing(day(domain.failing))}</Notice>}
          <p className="office-hint">{w.steps}</p>
          <div className="office-copies">
            <CopyField name={w.type} value="TXT" />
            <CopyField name={w.host} value={domain.record} />
            <CopyField name={w.value} value={domain.token} />
          </div>
          <div className="office-actions">
            {able ? (
              <Button isPending={state === "looking"} onPress={look}>
                {state === "looking" ? w.checking : w.check}
              </Button>
            ) : null}
          </div>
        </>
      )}
      {state === "found" ? (
        <Notice kind="good" live>
          {w.found}
        </Notice>
      ) : null}
      {problem === "" ? null : (
        <Notice kind="warn" live>
          {problem}
        </Notice>
      )}
      {removing ? (
        <Confirm
          title={w.removeTitle(domain.domain)}
          text={w.removeText}
          button={w.removeButton}
          onDo={() => send("DELETE", `${orgPath(org, "domains")}/${encodeURIComponent(domain.domain)}`).then(onChange)}
          onClose={() => setRemoving(false)}
        />
      ) : null}
    </li>
  );
}
