import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { loadMe, me } from "../lib/me";
import { useStore } from "../lib/store";
import { answerDevice, fetchAsking, type Asking } from "./asking";
import { Scopes, SignInFirst, YesNo } from "./consent";
import { Field, Notice, Problem, Shell, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

/** A program, and the code that it shows. */
type Asked = Asking & { readonly code: string };

/** Lets somebody connect a program that has no browser of its own: by the code that it shows. */
export function DevicePage(): ReactNode {
  const w = usePages().device;
  const known = useStore(me);
  const [asking, setAsking] = useState<Asked | undefined>();
  const [answer, setAnswer] = useState<"allowed" | "denied" | undefined>();
  useEffect(() => void loadMe().catch(() => undefined), []);
  if (answer !== undefined) {
    return (
      <Shell title={w[answer]} me>
        <div className="door-card">
          <Notice kind={answer === "allowed" ? "good" : "info"}>{answer === "allowed" ? w.allowedHint : w.deniedHint}</Notice>
        </div>
      </Shell>
    );
  }
  return (
    <Shell title={asking === undefined ? w.title : w.asks(asking.client)} {...(asking === undefined ? { lead: w.lead } : {})} me>
      <div className="door-card">
        {known === undefined ? null : known.account === undefined ? (
          <SignInFirst text={w.signIn} />
        ) : asking === undefined ? (
          <CodeForm onFound={(code, found) => setAsking({ code, ...found })} />
        ) : (
          <Question asking={asking} onAnswer={setAnswer} />
        )}
      </div>
    </Shell>
  );
}

function CodeForm({ onFound }: { readonly onFound: (code: string, asking: Asking) => void }): ReactNode {
  const w = usePages().device;
  const [code, setCode] = useState(() => neat(new URLSearchParams(location.search).get("code") ?? ""));
  const { busy, problem, run } = useDoing();
  const look = async (): Promise<void> => {
    onFound(code, await fetchAsking({ code }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code !== "") run(look);
  };
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <Field label={w.code} value={code} first autoComplete="one-time-code" maxLength={20} onText={(value) => setCode(neat(value))} />
      <Problem text={problem} />
      <Wide look="accent" type="submit" busy={busy} isDisabled={code === ""}>
        {w.look}
      </Wide>
    </form>
  );
}

type QuestionProps = { readonly asking: Asked; readonly onAnswer: (answer: "allowed" | "denied") => void };

/** Shows the code once more: who was sent here with somebody else's code can see that nothing of theirs shows it. */
function Question({ asking, onAnswer }: QuestionProps): ReactNode {
  const w = usePages().device;
  const { busy, problem, run } = useDoing();
  const decide = (allow: boolean): void =>
    run(async () => {
      await answerDevice(asking.code, allow);
      onAnswer(allow ? "allowed" : "denied");
    });
  return (
    <>
      <p>{w.same}</p>
      <p className="door-code">{asking.code}</p>
      <Notice>{w.sameHint}</Notice>
      <Scopes scopes={asking.scopes} />
      {asking.address === "" ? null : <p className="hint">{w.from(asking.address)}</p>}
      <Problem text={problem} />
      <YesNo busy={busy} onAnswer={decide} />
    </>
  );
}

/** A code as programs show it: capital letters and digits, with lines between. */
export function neat(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9-]/g, "").slice(0, 20);
}
