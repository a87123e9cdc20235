import { useState, type FormEvent, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { useRoom, useSession } from "../context";
import { Choice } from "./choice";
import { setPasscode } from "./doors";
import { useAccessWords, useAttempt } from "./use-words";

/** Sets the room's passcode, or takes it away. Nobody is shown the one that there is: only its hash is kept. */
export function PasscodeField(): ReactNode {
  const { room, notes } = useSession();
  const w = useAccessWords();
  const on = useRoom((view) => view.access.passcode === true);
  const [editing, setEditing] = useState(false);
  const [code, setCode] = useState("");
  const attempt = useAttempt();
  const close = (): void => {
    setEditing(false);
    setCode("");
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (code === "") return;
    void attempt(async () => {
      await setPasscode(room, code);
      close();
      notes.info(w.passcodeDone);
    });
  };
  const toggle = (wanted: boolean): void => {
    if (wanted) setEditing(true);
    else if (editing) close();
    else
      void attempt(async () => {
        await setPasscode(room, "");
        notes.info(w.passcodeOff);
      });
  };
  return (
    <>
      <Choice on={on || editing} words={w.passcode} hint={w.passcodeHint} onChange={toggle} />
      {editing ? (
        <form className="passcode-line" onSubmit={save}>
          <input
            className="input"
            aria-label={w.passcodeField}
            placeholder={w.passcodeField}
            autoComplete="off"
            autoFocus // oxlint-disable-line jsx-a11y/no-autofocus -- the person has just asked for it
            minLength={4}
            maxLength={100}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <Button small look="accent" type="submit" isDisabled={code.length < 4}>
            {w.passcodeSet}
          </Button>
          <Button small onPress={close}>
            {w.passcodeCancel}
          </Button>
        </form>
      ) : on ? (
        <div className="passcode-line">
          <Button small onPress={() => setEditing(true)}>
            {w.passcodeChange}
          </Button>
        </div>
      ) : null}
    </>
  );
}
