import { useEffect, useState, type ReactNode } from "react";
import { signInPath } from "../lib/back";
import { loadMe, me } from "../lib/me";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { Button } from "../ui/button";
import { fetchWays, send } from "./api";
import { arrive, tokenInHash } from "./arrive";
import { NewAccountForm, type NewAccount } from "./new-account";
import { Notice, Problem, Shell, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { useLoad } from "./use-load";
import { usePages } from "./use-words";

/** Makes the first administrator, by the link that the server has printed: of a new account, or of one that is signed in. */
export function SetupPage(): ReactNode {
  const w = usePages();
  const [token] = useState(tokenInHash);
  useEffect(() => void loadMe().catch(() => undefined), []);
  return (
    <Shell title={w.setup.title} lead={w.setup.lead}>
      <div className="door-card">{token === "" ? <Notice>{w.setup.noToken}</Notice> : <First token={token} />}</div>
    </Shell>
  );
}

function First({ token }: { readonly token: string }): ReactNode {
  const w = usePages().setup;
  const own = useStore(me)?.account;
  const [{ data: ways }] = useLoad(fetchWays);
  const { busy, problem, run } = useDoing();
  const make = (account?: NewAccount): Promise<void> => send("POST", "/api/v1/auth/setup", { token, ...account }).then(() => arrive("/admin"));
  if (own !== undefined) {
    return (
      <>
        <Wide look="accent" busy={busy} onPress={() => run(() => make())}>
          {w.me(own.name)}
        </Wide>
        <Problem text={problem} />
      </>
    );
  }
  return (
    <>
      <NewAccountForm button={w.make} onMake={make} />
      {ways === undefined || ways.ways.length === 0 ? null : (
        <Button look="quiet" className="door-button" onPress={() => go(signInPath())}>
          {w.other}
        </Button>
      )}
    </>
  );
}
