import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { fetchDomains, orgPath, send } from "../api";
import { Check, Confirm, Notice, PageLink, Problem } from "../parts";
import type { OrgShown } from "../shown";
import { useDoing, useLoad } from "../use-load";
import { useGuideWords } from "../use-words";

type Props = Pick<OrgShown, "org" | "onChange"> & { readonly heading?: "h2" | "h3" };

/** Whether everybody must come by single sign-on; asks for it with what it means for those who cannot. */
export function Enforce({ org, onChange, heading: Heading = "h3" }: Props): ReactNode {
  const w = useGuideWords();
  const [domains] = useLoad(`domains ${org.id}`, (signal) => fetchDomains(org.id, signal));
  const [asking, setAsking] = useState(false);
  const [sure, setSure] = useState(false);
  const { busy, problem, run } = useDoing();
  const verified = (domains.data ?? []).filter((domain) => domain.verified !== 0).map(({ domain }) => domain);
  const require = async (enforced: boolean): Promise<void> => {
    await send("PUT", orgPath(org.id), { enforced });
    onChange();
  };
  return (
    <section className="office-enforce">
      <Heading>{w.enforce}</Heading>
      {org.enforced ? (
        <>
          <Notice kind="good">{w.enforced}</Notice>
          <Button isPending={busy} onPress={() => run(() => require(false))}>
            {w.unenforce}
          </Button>
        </>
      ) : verified.length === 0 ? (
        <p className="office-hint">
          {w.needsDomain} <PageLink to={`/orgs/${org.id}/domains`}>{w.toDomains}</PageLink>
        </p>
      ) : (
        <>
          <p className="office-hint">{w.enforceHint}</p>
          <Button onPress={() => setAsking(true)}>{w.enforceButton} …</Button>
        </>
      )}
      <Problem text={problem} />
      {asking ? (
        <Confirm
          title={w.enforceTitle}
          text={w.enforceText(verified.join(", "))}
          button={w.enforceButton}
          isDisabled={!sure}
          onDo={() => require(true)}
          onClose={() => setAsking(false)}
        >
          <Notice kind="warn">{w.enforceOwn}</Notice>
          <Check on={sure} set={setSure} text={w.enforceCheck} />
        </Confirm>
      ) : null}
    </section>
  );
}
