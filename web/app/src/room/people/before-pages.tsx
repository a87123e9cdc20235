/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type FormEvent, type ReactNode } from "react";
import { identity } from "../../lib/identity";
import { account } from "../../lib/me";
import { go } from "../../lib/route";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { Mark } from "../../ui/logo";
import { useRoom, useSession } from "../context";
import { givePasscode } from "./doors";
import { problemIn, useAccessWords } from "./use-words";
import "./before.css";

/** The page of somebody whom an owner has to let in. It goes on by itself: the room's client waits. */
export function WaitingPage(): ReactNode {
  const w = useAccessWords();
  const online = useRoom((view) => view.connection === "online");
  const guest = useStore(identity);
  const known = useStore(account);
  return (
    <main className="dead-end">
      <span className={online ? "waiting-mark" : "waiting-mark still"} aria-hidden="true">
        <Mark size={32} />
      </span>
      <h1>{w.waitPage.title}</h1>
      <output data-testid="waiting">{online ? w.waitPage.text : w.waitPage.offline}</output>
      <p className="waiting-as">{w.waitPage.as(known?.name ?? guest.name)}</p>
      <div className="dead-end-actions">
        <Button onPress={() => go("/")}>{w.waitPage.leave}</Button>
      </div>
    </main>
  );
}

/** The page of somebody whom an owner did not let in. */
export function NotLetInPage(): ReactNode {
  const { client } = useSession();
  const w = useAccessWords();
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>{w.refusedPage.title}</h1>
      <p>{w.refusedPage.text}</p>
      <div className="dead-end-actions">
        <Button look="accent" onPress={() => client.tryAgain()}>
          {w.refusedPage.again}
        </Button>
        <Button onPress={() => go("/")}>{w.start}</Button>
      </div>
    </main>
  );
}

/** The page that asks for the room's passcode. */
export function PasscodePage(): ReactNode {
  const { room, client } = useSession();
  const w = useAccessWords();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const give = (event: FormEvent): void => {
    event.preventDefault();
    if (code === "" || busy) return;
    setBusy(true);
    setProblem("");
    givePasscode(room, code).then(
      () => client.tryAgain(),
      (error: unknown) => {
        setBusy(false);
        setProblem(problemIn(error, w));
      },
    );
  };
  return (
    <main className="dead-end">
      <Mark size={32} />
      <h1>{w.passcodePage.title}</h1>
      <p>{w.passcodePage.text}</p>
      <form className="passcode-form" onSubmit={give}>
        <label>
          <span className="label">{w.passcodePage.field}</span>
          <input
            className="input"
            type="password"
            autoComplete="off"
            autoFocus // oxlint-disable-line jsx-a11y/no-autofocus -- it is all that there is to do here
            maxLength={100}
            value={code}
            aria-invalid={problem !== ""}
            aria-describedby="passcode-problem"
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
        <p role="alert" id="passcode-problem" className="problem">
          {problem}
        </p>
        <div className="dead-end-actions">
          <Button look="accent" type="submit" isPending={busy} isDisabled={code === ""}>
            {w.passcodePage.enter}
          </Button>
          <Button onPress={() => go("/")}>{w.start}</Button>
        </div>
      </form>
    </main>
  );
}
