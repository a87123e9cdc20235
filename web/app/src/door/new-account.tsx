import { useState, type FormEvent, type ReactNode } from "react";
import { cleanName } from "../lib/identity";
import { looksLikeEmail } from "./email";
import { Field, PasswordField, Problem, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

/** What an account is made from. */
export type NewAccount = { readonly name: string; readonly email: string; readonly password: string };

type Props = {
  readonly button: string;
  /** The name that they go by as a guest, or "". */
  readonly name?: string;
  /** An address that is settled already. */
  readonly email?: string;
  readonly onMake: (account: NewAccount) => Promise<unknown>;
};

/** Asks for name, address and password. */
export function NewAccountForm({ button, name: known = "", email: settled = "", onMake }: Props): ReactNode {
  const w = usePages();
  const [name, setName] = useState(known);
  const [email, setEmail] = useState(settled);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const { busy, problem, run } = useDoing();
  const bad = {
    name: cleanName(name) === "" ? w.badName : "",
    email: looksLikeEmail(email) ? "" : w.badEmail,
    password: password === "" ? w.noPassword : "",
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (bad.name + bad.email + bad.password !== "") return;
    run(() => onMake({ name: cleanName(name), email: email.trim(), password }));
  };
  const when = (sentence: string): string => (tried ? sentence : "");
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <Field label={w.name} name="name" autoComplete="name" value={name} first problem={when(bad.name)} onText={setName} />
      <Field
        label={w.email}
        type="email"
        name="username"
        autoComplete="username"
        value={email}
        readOnly={settled !== ""}
        problem={when(bad.email)}
        onText={setEmail}
      />
      <PasswordField
        label={w.password}
        name="password"
        autoComplete="new-password"
        value={password}
        hint={w.passwordHint}
        problem={when(bad.password)}
        onText={setPassword}
      />
      <Problem text={problem} />
      <Wide look="accent" type="submit" busy={busy}>
        {button}
      </Wide>
    </form>
  );
}
