import { useState, type FormEvent, type ReactNode } from "react";
import { ago } from "../../lib/format";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { KeyIcon, LockIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { fetchWays } from "../api";
import { Field, PasswordField, Problem } from "../parts";
import { addPasskey, knowsPasskeys, wasCancelled } from "../passkey";
import { useDoing } from "../use-doing";
import { usePages } from "../use-words";
import { changePassword, fetchPasskeys, removePasskey, type Passkey } from "./api";
import { deviceOf } from "./agent";
import { Providers } from "./providers";
import { Confirm, Row, Rows, Section } from "./section";
import { useLoad } from "../use-load";

/** How one signs in: the password, passkeys, and accounts elsewhere. */
export function MethodsSection(): ReactNode {
  const w = usePages().account;
  const [{ data: ways }] = useLoad(fetchWays);
  const has = (kind: string): boolean => ways?.ways.some((way) => way.kind === kind) ?? false;
  if (ways === undefined || ways.ways.length === 0) return null;
  return (
    <Section title={w.methods} hint={w.methodsHint}>
      {has("password") ? <Password /> : null}
      {has("passkey") ? <Passkeys /> : null}
      {has("oidc") || has("github") ? <Providers /> : null}
    </Section>
  );
}

function Password(): ReactNode {
  const w = usePages().account;
  const [changing, setChanging] = useState(false);
  const [said, setSaid] = useState("");
  return (
    <Row icon={<LockIcon />} title={w.passwordSet} facts={[said === "" ? w.passwordLead : said]}>
      <Button small onPress={() => setChanging(true)}>
        {w.change}
      </Button>
      {changing ? (
        <ChangePassword
          onClose={(done) => {
            setChanging(false);
            if (done) setSaid(w.changed);
          }}
        />
      ) : null}
    </Row>
  );
}

function ChangePassword({ onClose }: { readonly onClose: (done: boolean) => void }): ReactNode {
  const w = usePages();
  const { frame } = useWords();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [tried, setTried] = useState(false);
  const { busy, problem, stale, run } = useDoing();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (next !== "") run(() => changePassword(old, next).then(() => onClose(true)));
  };
  return (
    <Dialog title={w.account.passwordSet} onClose={() => onClose(false)}>
      <form className="door-form" onSubmit={submit} noValidate>
        <PasswordField label={w.account.old} autoComplete="current-password" value={old} first hint={w.account.oldHint} onText={setOld} />
        <PasswordField
          label={w.newPassword}
          autoComplete="new-password"
          value={next}
          hint={w.passwordHint}
          problem={tried && next === "" ? w.noPassword : ""}
          onText={setNext}
        />
        <Problem text={problem} stale={stale} />
        <div className="dialog-actions">
          <Button onPress={() => onClose(false)}>{frame.cancel}</Button>
          <Button look="accent" type="submit" isPending={busy}>
            {frame.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Passkeys(): ReactNode {
  const w = usePages().account;
  const [loaded, again] = useLoad(fetchPasskeys);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey | undefined>();
  const [said, setSaid] = useState("");
  const [now] = useState(() => Date.now());
  const able = knowsPasskeys();
  return (
    <div className="account-part">
      <Row icon={<KeyIcon />} title={w.passkeys} facts={[able ? w.passkeysLead : w.unable]}>
        {able ? (
          <Button small onPress={() => setAdding(true)}>
            {w.addPasskey}
          </Button>
        ) : null}
      </Row>
      <div className="account-inner">
        <Rows loaded={loaded} onRetry={again} none={w.noPasskeys} idOf={(key) => key.id}>
          {(key) => (
            <Row title={key.name} facts={[w.addedOn(ago(key.created, now)), key.used === 0 ? w.neverUsed : w.lastUsed(ago(key.used, now))]}>
              <Button small aria-label={w.removeOf(key.name)} onPress={() => setRemoving(key)}>
                {w.remove}
              </Button>
            </Row>
          )}
        </Rows>
      </div>
      <output className="hint account-said">{said}</output>
      {adding ? (
        <AddPasskey
          onClose={(name) => {
            setAdding(false);
            if (name === undefined) return;
            setSaid(w.passkeyAdded(name));
            again();
          }}
        />
      ) : null}
      {removing === undefined ? null : (
        <Confirm
          title={w.removePasskey(removing.name)}
          texts={[w.removePasskeyText]}
          button={w.remove}
          onDo={() => removePasskey(removing.id).then(again)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </div>
  );
}

function AddPasskey({ onClose }: { readonly onClose: (name?: string) => void }): ReactNode {
  const w = usePages().account;
  const { frame } = useWords();
  const [name, setName] = useState(() => {
    const { browser, system } = deviceOf(navigator.userAgent);
    return w.device(browser, system);
  });
  const { busy, problem, stale, run, say } = useDoing();
  const make = async (): Promise<void> => {
    const called = name.trim();
    try {
      await addPasskey(called);
      onClose(called);
    } catch (error) {
      if (!wasCancelled(error)) throw error;
      say(w.passkeyCancelled);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== "") run(make);
  };
  return (
    <Dialog title={w.addPasskey} onClose={() => onClose()}>
      <form className="door-form" onSubmit={submit} noValidate>
        <Field label={w.passkeyName} value={name} maxLength={60} first hint={w.passkeyNameHint} onText={setName} />
        <Problem text={problem} stale={stale} />
        <div className="dialog-actions">
          <Button onPress={() => onClose()}>{frame.cancel}</Button>
          <Button look="accent" type="submit" isPending={busy} isDisabled={name.trim() === ""}>
            {w.addPasskey}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
