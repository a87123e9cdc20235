import { useEffect, useState, type ReactNode } from "react";
import { signInPath } from "../lib/back";
import { loadMe, me, type Me } from "../lib/me";
import { identity } from "../lib/identity";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { fetchWays, object, send, text } from "./api";
import { arrive, tokenInHash } from "./arrive";
import { NewAccountForm } from "./new-account";
import { Notice, Problem, Shell, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { useLoad } from "./use-load";
import { sentence, usePages } from "./use-words";

/** What an invitation is for. */
type Invitation = { readonly org: string; readonly email: string };

/** Lets somebody in whom an organisation or an administrator has invited. */
export function InvitePage(): ReactNode {
  const w = usePages();
  const [token] = useState(tokenInHash);
  const [state, setState] = useState<{ readonly invitation?: Invitation; readonly problem?: unknown }>({});
  const known = useStore(me);
  useEffect(() => {
    if (token === "") return;
    let left = false;
    Promise.all([send("POST", "/api/v1/auth/invitation", { token }), loadMe()]).then(
      ([body]) => left || setState({ invitation: toInvitation(body) }),
      (problem: unknown) => left || setState({ problem }),
    );
    return () => {
      left = true;
    };
  }, [token]);
  const { invitation, problem } = state;
  const org = invitation?.org ?? "";
  return (
    <Shell title={w.invite.title} lead={org === "" ? w.invite.lead : w.invite.to(org)}>
      <div className="door-card">
        {token === "" ? <Notice>{w.invite.noToken}</Notice> : null}
        {problem === undefined ? null : <Notice>{sentence(problem, w)}</Notice>}
        {invitation === undefined ? null : <Accept token={token} invitation={invitation} who={known} />}
      </div>
    </Shell>
  );
}

type Props = { readonly token: string; readonly invitation: Invitation; readonly who: Me | undefined };

function Accept({ token, invitation: { org, email }, who }: Props): ReactNode {
  const w = usePages().invite;
  const { busy, problem, run } = useDoing();
  const { name } = useStore(identity);
  const [{ data: ways }] = useLoad(fetchWays);
  if (who?.account !== undefined) {
    const join = (): Promise<void> => send("POST", "/api/v1/orgs/join", { token }).then(() => arrive("/orgs"));
    return (
      <>
        <p>{w.as(who.account.name)}</p>
        <Wide look="accent" busy={busy} onPress={() => run(join)}>
          {w.accept(org)}
        </Wide>
        <Problem text={problem} />
      </>
    );
  }
  if (ways === undefined) return null;
  const password = ways.ways.some((way) => way.kind === "password");
  return (
    <>
      {email === "" ? null : <p>{w.for(email)}</p>}
      {password ? (
        <NewAccountForm
          button={w.make}
          name={name}
          email={email}
          onMake={(account) => send("POST", "/api/v1/auth/register", { ...account, invitation: token }).then(() => arrive("/"))}
        />
      ) : null}
      <Wide look={password ? "quiet" : "accent"} onPress={() => go(signInPath())}>
        {password ? w.have : w.signIn}
      </Wide>
    </>
  );
}

function toInvitation(body: unknown): Invitation {
  const { org, email } = object(body);
  return { org: typeof org === "string" ? org : text(object(org)["name"]), email: text(email) };
}
