import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { signInPath } from "../lib/back";
import { loadMe, me } from "../lib/me";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { useWords } from "../words";
import { object, send, strings, text } from "./api";
import { Scopes, YesNo } from "./consent";
import { Field, Notice, Problem, Shell, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

/** A program that waits for an answer. */
type Asking = { readonly code: string; readonly name: string; readonly scopes: readonly string[]; readonly address: string };

/** Lets somebody connect a program that has no browser of its own: by the code that it shows. */
export function DevicePage(): ReactNode {
  const w = usePages().device;
  const known = useStore(me);
  const [asking, setAsking] = useState<Asking | undefined>();
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
    <Shell title={asking === undefined ? w.title : w.asks(asking.name)} {...(asking === undefined ? { lead: w.lead } : {})} me>
      <div className="door-card">
        {known === undefined ? null : known.account === undefined ? (
          <SignInFirst />
        ) : asking === undefined ? (
          <CodeForm onFound={setAsking} />
        ) : (
          <Question asking={asking} onAnswer={setAnswer} />
        )}
      </div>
    </Shell>
  );
}

function SignInFirst(): ReactNode {
  const w = usePages().device;
  const { door } = useWords();
  return (
    <>
      <p>{w.signIn}</p>
      <Wide look="accent" onPress={() => go(signInPath())}>
        {door.signIn}
      </Wide>
    </>
  );
}

function CodeForm({ onFound }: { readonly onFound: (asking: Asking) => void }): ReactNode {
  const w = usePages().device;
  const [code, setCode] = useState(() => neat(new URLSearchParams(location.search).get("code") ?? ""));
  const { busy, problem, run } = useDoing();
  const look = async (): Promise<void> => {
    const body = object(await send("POST", "/api/v1/auth/device", { code }));
    onFound({ code, name: text(body["client"]), scopes: strings(body["scopes"]), address: text(body["address"]) });
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

type QuestionProps = { readonly asking: Asking; readonly onAnswer: (answer: "allowed" | "denied") => void };

/** Shows the code once more: who was sent here with somebody else's code can see that nothing of theirs shows it. */
function Question({ asking, onAnswer }: QuestionProps): ReactNode {
  const w = usePages().device;
  const { busy, problem, run } = useDoing();
  const decide = (allow: boolean): void =>
    run(async () => {
      await send("POST", "/api/v1/auth/device/answer", { code: asking.code, allow });
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
