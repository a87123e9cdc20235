import { useState, type ReactNode } from "react";
import { ago } from "../../lib/format";
import { Button } from "../../ui/button";
import { LinkIcon } from "../../ui/icons";
import { GitHubIcon, GoogleIcon } from "../marks";
import { Problem } from "../parts";
import { useDoing } from "../use-doing";
import { useLoad } from "../use-load";
import { usePages } from "../use-words";
import { connect, disconnect, fetchElsewhere, type Elsewhere } from "./api";
import { Confirm, Row, Rows } from "./section";

/** The person's accounts elsewhere with which they sign in, or could. */
export function Providers(): ReactNode {
  const w = usePages().account;
  const [loaded, again] = useLoad(fetchElsewhere);
  const [ending, setEnding] = useState<Elsewhere | undefined>();
  const [now] = useState(() => Date.now());
  return (
    <div className="account-part">
      <Row icon={<LinkIcon />} title={w.providers} facts={[w.providersLead]} />
      <div className="account-inner">
        <Came all={loaded.data ?? []} />
        <Rows loaded={loaded} onRetry={again} none="" idOf={(one) => one.id}>
          {(one) => (
            <Row icon={markOf(one)} title={one.name} facts={[one.since === 0 ? w.notConnected : w.connectedOn(ago(one.since, now))]}>
              {one.since === 0 ? (
                <Connect to={one} />
              ) : (
                <Button small aria-label={w.disconnectOf(one.name)} onPress={() => setEnding(one)}>
                  {w.disconnect}
                </Button>
              )}
            </Row>
          )}
        </Rows>
      </div>
      {ending === undefined ? null : (
        <Confirm
          title={w.disconnectTitle(ending.name)}
          texts={[w.disconnectText]}
          button={w.disconnect}
          onDo={() => disconnect(ending.id).then(again)}
          onClose={() => setEnding(undefined)}
        />
      )}
    </div>
  );
}

function markOf({ id, kind }: Elsewhere): ReactNode {
  if (kind === "github") return <GitHubIcon />;
  return id === "google" ? <GoogleIcon /> : undefined;
}

function Connect({ to }: { readonly to: Elsewhere }): ReactNode {
  const w = usePages().account;
  const { busy, problem, stale, run } = useDoing();
  return (
    <>
      <Button small aria-label={w.connectOf(to.name)} isPending={busy} onPress={() => run(async () => location.assign(await connect(to.id)))}>
        {w.connect}
      </Button>
      <Problem text={problem} stale={stale} />
    </>
  );
}

/** What came of it, for somebody who comes back from a provider. */
function Came({ all }: { readonly all: readonly Elsewhere[] }): ReactNode {
  const w = usePages();
  const [query] = useState(() => new URLSearchParams(location.search));
  const name = (id: string | null): string => all.find((one) => one.id === id)?.name ?? "";
  const connected = name(query.get("connected"));
  const failed = query.get("problem");
  if (connected !== "") return <output className="hint account-said">{w.account.connected(connected)}</output>;
  return failed === null ? null : <Problem text={w.problems[failed] ?? w.account.notConnectedNow} />;
}
