import { useEffect, useState, type ReactNode } from "react";
import { loadMe, me, signOut } from "../lib/me";
import { useStore } from "../lib/store";
import { Button } from "../ui/button";
import { useWords } from "../words";
import { fetchWays, type Way, type Ways } from "./api";
import { arrive, destination } from "./arrive";
import { EmailForm } from "./email-form";
import { GitHubIcon, GoogleIcon } from "./marks";
import { PasskeyButton } from "./passkey-button";
import { Notice, Or, Problem, Shell, Wide } from "./parts";
import { RegisterForm } from "./register-form";
import { useDoing } from "./use-doing";
import { useLoad } from "./use-load";
import { sentence, usePages } from "./use-words";

/** The page to sign in: all ways in one column, the e-mail address that finds a company's own, and the way of guests. */
export function SignInPage(): ReactNode {
  const w = usePages();
  const [{ data: ways, problem }, again] = useLoad(fetchWays);
  const [registering, setRegistering] = useState(false);
  const known = useStore(me);
  useEffect(() => void loadMe().catch(() => undefined), []);
  // Before some things the server wants to be sure who this is, although they are signed in.
  const asks = known?.account === undefined || new URLSearchParams(location.search).has("again");
  const title = registering ? w.signIn.registerTitle : w.signIn.title;
  const lead = registering ? w.signIn.registerLead : destination() === "/" ? w.signIn.lead : w.signIn.back;
  return (
    <Shell title={title} lead={lead}>
      <div className="door-card">
        <Came />
        {problem === undefined ? null : (
          <Notice>
            <p>{sentence(problem, w)}</p>
            <Retry onPress={again} />
          </Notice>
        )}
        {asks || known?.account === undefined ? null : <Already name={known.account.name} />}
        {ways === undefined || !asks ? null : registering ? (
          <RegisterForm onDone={() => arrive()} onBack={() => setRegistering(false)} />
        ) : (
          <AllWays ways={ways} onRegister={() => setRegistering(true)} />
        )}
      </div>
      {known?.account === undefined && !registering ? <Guest /> : null}
    </Shell>
  );
}

/** Why somebody was sent back here. */
function Came(): ReactNode {
  const w = usePages();
  const query = new URLSearchParams(location.search);
  const code = query.get("problem");
  const number = query.get("number") ?? "";
  if (code === null) return null;
  return (
    <Notice>
      <p>{w.problems[code] ?? w.unknownProblem}</p>
      {/^[\w-]{1,40}$/.test(number) ? 
        <p className="door-number">
          {w.number} <code>{number}</code>
        </p>
       : null}
    </Notice>
  );
}

function Retry({ onPress }: { readonly onPress: () => void }): ReactNode {
  return (
    <Button small onPress={onPress}>
      {useWords().frame.tryAgain}
    </Button>
  );
}

function AllWays({ ways: { ways, register }, onRegister }: { readonly ways: Ways; readonly onRegister: () => void }): ReactNode {
  const w = usePages();
  const others = ways.filter((way) => way.kind === "oidc" || way.kind === "github");
  const passkeys = ways.some((way) => way.kind === "passkey");
  const password = ways.some((way) => way.kind === "password");
  if (ways.length === 0) return <Notice kind="info">{w.signIn.noWays}</Notice>;
  return (
    <>
      {others.length === 0 ? null : (
        <div className="door-ways">
          {others.map((way) => (
            <ProviderButton key={way.id} way={way} />
          ))}
        </div>
      )}
      {others.length === 0 ? null : <Or />}
      <EmailForm password={password} passkeys={passkeys} />
      {passkeys ? <PasskeyButton /> : null}
      {register ? (
        <Button look="quiet" className="door-button" onPress={onRegister}>
          {w.signIn.register}
        </Button>
      ) : null}
    </>
  );
}

function ProviderButton({ way }: { readonly way: Way }): ReactNode {
  const w = usePages();
  const [busy, setBusy] = useState(false);
  const leave = (): void => {
    setBusy(true);
    location.assign(`${way.path}?${new URLSearchParams({ to: destination() })}`);
  };
  // Whoever comes back by the browser's own button finds the page as it was left.
  useEffect(() => {
    const back = ({ persisted }: PageTransitionEvent): void => void (persisted && setBusy(false));
    addEventListener("pageshow", back);
    return () => removeEventListener("pageshow", back);
  }, []);
  return (
    <Wide busy={busy} onPress={leave}>
      {busy ? null : way.kind === "github" ? <GitHubIcon /> : way.id === "google" ? <GoogleIcon /> : null}
      {w.signIn.by(way.name)}
    </Wide>
  );
}

function Already({ name }: { readonly name: string }): ReactNode {
  const w = usePages();
  const { busy, problem, run } = useDoing();
  return (
    <>
      <p className="door-already">{w.signIn.already(name)}</p>
      <Wide look="accent" onPress={() => void arrive()}>
        {w.signIn.goOn}
      </Wide>
      <Wide look="quiet" busy={busy} onPress={() => run(() => signOut())}>
        {w.signIn.another}
      </Wide>
      <Problem text={problem} />
    </>
  );
}

/** The way of people without an account, where there is one. */
function Guest(): ReactNode {
  const w = usePages();
  const known = useStore(me);
  const { busy, problem, run } = useDoing();
  if (known === undefined) return null;
  if (!known.guests) return <p className="door-below hint">{w.signIn.noGuests}</p>;
  const goOn = async (): Promise<void> => {
    // A session that has ended is in the way of being a guest until the browser has forgotten it.
    if (known.ended) await signOut();
    await arrive();
  };
  return (
    <div className="door-below">
      <Wide look="quiet" busy={busy} onPress={() => run(goOn)}>
        {w.signIn.guest}
      </Wide>
      <p className="hint">{w.signIn.guestHint}</p>
      <Problem text={problem} />
    </div>
  );
}
