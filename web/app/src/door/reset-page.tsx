import { useState, type FormEvent, type ReactNode } from "react";
import { send } from "./api";
import { arrive, tokenInHash } from "./arrive";
import { Notice, PasswordField, Problem, Shell, Wide } from "./parts";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

/** Sets a new password, by a link that an administrator has given. */
export function ResetPage(): ReactNode {
  const w = usePages();
  const [token] = useState(tokenInHash);
  return (
    <Shell title={w.reset.title} lead={w.reset.lead}>
      <div className="door-card">{token === "" ? <Notice>{w.reset.noToken}</Notice> : <ResetForm token={token} />}</div>
    </Shell>
  );
}

function ResetForm({ token }: { readonly token: string }): ReactNode {
  const w = usePages();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const { busy, problem, run } = useDoing();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (password !== "") run(() => send("POST", "/api/v1/auth/reset", { token, password }).then(() => arrive("/")));
  };
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <PasswordField
        label={w.newPassword}
        name="password"
        autoComplete="new-password"
        value={password}
        first
        hint={w.passwordHint}
        problem={tried && password === "" ? w.noPassword : ""}
        onText={setPassword}
      />
      <Problem text={problem} />
      <Wide look="accent" type="submit" busy={busy}>
        {w.reset.set}
      </Wide>
    </form>
  );
}
