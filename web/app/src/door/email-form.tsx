import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { Button } from "../ui/button";
import { discover, send } from "./api";
import { arrive, destination } from "./arrive";
import { looksLikeEmail } from "./email";
import { Field, PasswordField, Problem, Wide } from "./parts";
import { offersInFields, signInWithPasskey } from "./passkey";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

type Props = { readonly password: boolean; readonly passkeys: boolean };

/** The field that finds a company's own sign-in by the address; without one it asks for the password. */
export function EmailForm({ password, passkeys }: Props): ReactNode {
  const w = usePages();
  const [email, setEmail] = useState("");
  const [secret, setSecret] = useState("");
  const [asks, setAsks] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, problem, run, say } = useDoing();
  useOffer(passkeys);
  const bad = tried && !looksLikeEmail(email) ? w.badEmail : "";

  const look = async (): Promise<void> => {
    const sso = await discover(email.trim());
    if (sso !== undefined) {
      location.assign(`${sso.path}?${new URLSearchParams({ to: destination(), email: email.trim() })}`);
      await new Promise(() => undefined); // the browser is on its way
    } else if (password) setAsks(true);
    else say(w.signIn.noWay);
  };
  const enter = async (): Promise<void> => {
    await send("POST", "/api/v1/auth/password", { email: email.trim(), password: secret });
    await arrive();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!looksLikeEmail(email)) return;
    // A password manager may have filled in both at once.
    if (asks || secret !== "") run(enter);
    else run(look);
  };
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <Field
        label={w.email}
        type="email"
        name="username"
        autoComplete={passkeys ? "username webauthn" : "username"}
        value={email}
        problem={bad}
        readOnly={asks}
        onText={(value) => {
          setEmail(value);
          setTried(false);
        }}
      />
      {password ? (
        <div className={asks ? "" : "hidden"} inert={!asks}>
          <PasswordField
            label={w.password}
            name="password"
            autoComplete="current-password"
            value={secret}
            first={asks}
            tabIndex={asks ? undefined : -1}
            onText={setSecret}
          />
        </div>
      ) : null}
      <Problem text={problem} />
      <Wide look="accent" type="submit" busy={busy} isDisabled={asks && secret === ""}>
        {asks ? w.signIn.password : w.on}
      </Wide>
      {asks ? (
        <div className="door-under">
          <Button
            look="quiet"
            small
            onPress={() => {
              setAsks(false);
              setSecret("");
              say("");
            }}
          >
            {w.signIn.other}
          </Button>
          <p className="hint">{w.signIn.forgotten}</p>
        </div>
      ) : null}
    </form>
  );
}

/** Has the browser offer the person's passkeys in the list under the field, where it can. */
function useOffer(passkeys: boolean): void {
  useEffect(() => {
    if (!passkeys) return;
    const stop = new AbortController();
    offer(stop.signal).catch(() => undefined); // the button and the other ways are there all the same
    return () => stop.abort();
  }, [passkeys]);
}

async function offer(signal: AbortSignal): Promise<void> {
  if (!(await offersInFields())) return;
  await signInWithPasskey(signal, true);
  await arrive();
}
