import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { testConnection, type Connection, type Step } from "../api";
import { Notice, Problem } from "../parts";
import { problemOf } from "../use-load";
import { useGuideWords } from "../use-words";
import { StepList } from "./step-list";
import { hear, works } from "./tested";

type Props = { readonly org: string; readonly connection: Connection; readonly isDisabled: boolean; readonly onWorks: (works: boolean) => void };

type Login = { readonly state: "" | "open" | "blocked" | "closed" | "done"; readonly steps: readonly Step[] };

/** The test: first from the server's side, then a real sign-in in a window of its own. */
export function TestStep({ org, connection, isDisabled, onWorks }: Props): ReactNode {
  const w = useGuideWords();
  const [checks, setChecks] = useState<readonly Step[] | undefined>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const good = checks !== undefined && works(checks);
  const run = (): void => {
    setBusy(true);
    setProblem("");
    onWorks(false);
    testConnection(org, connection.id).then(
      (steps) => {
        setBusy(false);
        setChecks(steps);
      },
      (error: unknown) => {
        setBusy(false);
        setProblem(problemOf(error).message);
      },
    );
  };
  return (
    <>
      <p className="office-hint">{w.testHint}</p>
      <div className="office-actions">
        <Button look={checks === undefined ? "accent" : "outline"} isPending={busy} isDisabled={isDisabled} onPress={run}>
          {busy ? <span className="spinner" aria-hidden="true" /> : null}
          {busy ? w.testing : checks === undefined ? w.testNow : w.testAgain}
        </Button>
        {isDisabled ? <span className="office-hint">{w.testFirst}</span> : null}
      </div>
      <Problem text={problem} />
      {checks === undefined ? null : <StepList steps={checks} title={w.fromHere} />}
      {good ? <LoginTest connection={connection} onWorks={onWorks} /> : null}
    </>
  );
}

/** The second half: a window in which somebody signs in, and what came back. */
function LoginTest({ connection, onWorks }: Pick<Props, "connection" | "onWorks">): ReactNode {
  const w = useGuideWords();
  const [login, setLogin] = useState<Login>({ state: "", steps: [] });
  const latest = useRef(onWorks);
  const opened = useRef<Window | null>(null);
  useEffect(() => {
    latest.current = onWorks;
  });
  useEffect(
    () =>
      hear(connection.id, (steps) => {
        opened.current = null;
        setLogin({ state: "done", steps });
        latest.current(works(steps));
      }),
    [connection.id],
  );
  useEffect(() => {
    if (login.state !== "open") return undefined;
    const timer = setInterval(() => {
      // A window that a provider has cut off looks closed, too: so this is only said, and what it tells later still counts.
      if (opened.current?.closed === true) setLogin((now) => (now.state === "open" ? { ...now, state: "closed" } : now));
    }, 1000);
    return () => clearInterval(timer);
  }, [login.state]);
  const open = (): void => {
    const there = window.open(`${connection.path || `/auth/sso/${connection.id}`}?test=1`, `sso-${connection.id}`, "popup,width=560,height=720");
    opened.current = there;
    setLogin({ state: there === null ? "blocked" : "open", steps: [] });
  };
  return (
    <div className="office-login">
      <div className="office-actions">
        <Button look={login.state === "done" ? "outline" : "accent"} onPress={open}>
          {w.login}
        </Button>
        <output className="office-hint">
          {{ "": w.loginHint, open: w.loginOpen, blocked: w.loginBlocked, closed: w.loginClosed, done: "" }[login.state]}
        </output>
      </div>
      {login.state === "done" ? (
        login.steps.length === 0 ? (
          <Notice kind="bad" live>
            {w.loginClosed}
          </Notice>
        ) : (
          <StepList steps={login.steps} title={w.fromProvider} />
        )
      ) : null}
    </div>
  );
}
