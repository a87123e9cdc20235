import { useState, type FormEvent, type ReactNode } from "react";
import { cleanName, identity, initials } from "../../lib/identity";
import { saveProfile, type Account } from "../../lib/me";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { Field, Problem } from "../parts";
import { useDoing } from "../use-doing";
import { usePages } from "../use-words";
import { Section } from "./section";

/** Name and colour, which others see, and what is settled elsewhere. */
export function ProfileSection({ account }: { readonly account: Account }): ReactNode {
  const w = usePages();
  const { frame, people } = useWords();
  const now = useStore(identity);
  const [name, setName] = useState(account.name);
  const [color, setColor] = useState(now.color);
  const [saved, setSaved] = useState(false);
  const { busy, problem, run } = useDoing();
  const clean = cleanName(name);
  const same = clean === account.name && color === now.color;
  const change = (f: () => void): void => {
    f();
    setSaved(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (clean === "" || same) return;
    run(() =>
      saveProfile(clean, color).then(() => {
        setName(clean);
        setSaved(true);
      }),
    );
  };
  return (
    <Section title={w.account.profile} hint={w.account.profileHint}>
      <form className="account-profile" onSubmit={submit} noValidate>
        <div className="account-me">
          <Avatar name={clean === "" ? account.name : clean} color={color} size={48} />
          <div className="account-what">
            <span className="account-name">{account.email === "" ? account.name : account.email}</span>
            <span className="account-facts">{account.admin ? w.account.admin : w.account.emailHint}</span>
          </div>
        </div>
        <Field
          label={w.name}
          value={name}
          autoComplete="name"
          maxLength={60}
          problem={clean === "" ? w.badName : ""}
          onText={(value) => change(() => setName(value))}
        />
        <fieldset>
          <legend className="label">{w.account.color}</legend>
          <div className="account-swatches">
            {people.colors.map((word, i) => (
              <label key={word} className={`account-swatch p${i}`} title={word}>
                <input type="radio" name="color" aria-label={word} checked={i === color} onChange={() => change(() => setColor(i))} />
                <span aria-hidden="true">{i === color ? initials(clean) : ""}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="account-save">
          <Button look="accent" type="submit" isPending={busy} isDisabled={clean === "" || same}>
            {frame.save}
          </Button>
          <output className="hint">{saved && same ? w.account.saved : ""}</output>
        </div>
        <Problem text={problem} />
      </form>
    </Section>
  );
}
