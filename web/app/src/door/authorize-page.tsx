import { useEffect, useState, type ReactNode } from "react";
import { loadMe, me } from "../lib/me";
import { useStore } from "../lib/store";
import { answerRequest, fetchAsking, type Asking } from "./asking";
import { Scopes, SignInFirst, YesNo } from "./consent";
import { Notice, Problem, Shell } from "./parts";
import { useDoing } from "./use-doing";
import { sentence, usePages } from "./use-words";

/** Asks whether a program on this computer, which has sent the browser here, may act in one's name. */
export function AuthorizePage(): ReactNode {
  const w = usePages();
  const signedIn = useStore(me)?.account !== undefined;
  const known = useStore(me) !== undefined;
  const [request] = useState(() => new URLSearchParams(location.search).get("request") ?? "");
  const [asking, setAsking] = useState<Asking | undefined>();
  const [failed, setFailed] = useState<unknown>();
  useEffect(() => void loadMe().catch(setFailed), []);
  useEffect(() => {
    if (!signedIn || request === "") return;
    let left = false;
    fetchAsking({ request }).then(
      (found) => left || setAsking(found),
      (error: unknown) => left || setFailed(error),
    );
    return () => {
      left = true;
    };
  }, [signedIn, request]);
  const title = asking === undefined ? w.device.title : w.authorize.title(asking.client);
  return (
    <Shell title={title} {...(asking === undefined ? {} : { lead: w.authorize.lead })} me>
      <div className="door-card">
        {request === "" ? (
          <Notice>{w.authorize.broken}</Notice>
        ) : failed !== undefined ? (
          <Notice>{sentence(failed, w)}</Notice>
        ) : known && !signedIn ? (
          <SignInFirst text={w.authorize.signIn} />
        ) : asking === undefined ? null : (
          <Question request={request} asking={asking} />
        )}
      </div>
    </Shell>
  );
}

function Question({ request, asking }: { readonly request: string; readonly asking: Asking }): ReactNode {
  const w = usePages().authorize;
  const { busy, problem, run } = useDoing();
  const [gone, setGone] = useState(false);
  const decide = (allow: boolean): void =>
    run(async () => {
      const to = await answerRequest(request, allow);
      setGone(true);
      location.assign(to);
    });
  return (
    <>
      <Notice>{w.hint}</Notice>
      <Scopes scopes={asking.scopes} />
      <Problem text={problem} />
      <YesNo busy={busy || gone} onAnswer={decide} />
    </>
  );
}
