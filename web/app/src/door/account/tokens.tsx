import { useState, type FormEvent, type ReactNode } from "react";
import { ago } from "../../lib/format";
import { locale } from "../../words";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { CodeIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { CopyRow, Field, Problem } from "../parts";
import { useDoing } from "../use-doing";
import { usePages } from "../use-words";
import { fetchTokens, makeToken, revokeToken, type Token } from "./api";
import { Confirm, Row, Rows, Section } from "./section";
import { useLoad } from "../use-load";

/** What lets programs act in one's name. */
export function TokensSection(): ReactNode {
  const w = usePages();
  const a = w.account;
  const tag = useStore(locale);
  const [loaded, again] = useLoad(fetchTokens);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | undefined>();
  const [now] = useState(() => Date.now());
  const day = (at: number): string => new Date(at).toLocaleDateString(tag, { dateStyle: "medium" });
  const end = ({ expires }: Token): string => (expires === 0 ? a.endless : expires < now ? a.ended : a.ends(day(expires)));
  return (
    <Section
      title={a.tokens}
      hint={a.tokensHint}
      action={
        <Button small onPress={() => setMaking(true)}>
          {a.newToken}
        </Button>
      }
    >
      <Rows loaded={loaded} onRetry={again} none={a.noTokens} idOf={(token) => token.id}>
        {(token) => (
          <Row icon={<CodeIcon />} title={token.name} facts={[token.scopes.join(", "), token.seen === 0 ? a.neverUsed : a.lastUsed(ago(token.seen, now)), end(token)]}>
            <Button small aria-label={a.revokeOf(token.name)} onPress={() => setRevoking(token)}>
              {a.revoke}
            </Button>
          </Row>
        )}
      </Rows>
      {making ? (
        <NewToken
          onClose={() => {
            setMaking(false);
            again();
          }}
        />
      ) : null}
      {revoking === undefined ? null : (
        <Confirm
          title={a.revokeTitle(revoking.name)}
          texts={[a.revokeText]}
          button={a.revoke}
          onDo={() => revokeToken(revoking.id).then(again)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Section>
  );
}

const scopes = ["rooms", "read", "run"] as const;
const expiries = [30, 90, 365, 0] as const;

function NewToken({ onClose }: { readonly onClose: () => void }): ReactNode {
  const w = usePages();
  const [made, setMade] = useState("");
  return (
    <Dialog title={w.account.newToken} onClose={onClose}>
      {made === "" ? <TokenForm onMade={setMade} onClose={onClose} /> : <Made token={made} onClose={onClose} />}
    </Dialog>
  );
}

function Made({ token, onClose }: { readonly token: string; readonly onClose: () => void }): ReactNode {
  const a = usePages().account;
  return (
    <>
      <p className="account-warning">{a.tokenOnce}</p>
      <CopyRow name={a.token} value={token} />
      <div className="dialog-actions">
        <Button look="accent" onPress={onClose}>
          {a.tokenDone}
        </Button>
      </div>
    </>
  );
}

type FormProps = { readonly onMade: (token: string) => void; readonly onClose: () => void };

function TokenForm({ onMade, onClose }: FormProps): ReactNode {
  const w = usePages();
  const a = w.account;
  const { frame } = useWords();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>(["rooms"]);
  const [days, setDays] = useState(90);
  const { busy, problem, run } = useDoing();
  const ready = name.trim() !== "" && chosen.length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) run(() => makeToken(name.trim(), chosen, days).then(onMade));
  };
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <Field label={a.tokenName} value={name} maxLength={60} first hint={a.tokenNameHint} onText={setName} />
      <fieldset className="account-choices">
        <legend className="label">{a.mayDo}</legend>
        {scopes.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={({ target }) => setChosen(target.checked ? [...chosen, scope] : chosen.filter((s) => s !== scope))}
            />
            <span>{w.scopes[scope]}</span>
          </label>
        ))}
        {chosen.length === 0 ? <p className="hint bad">{a.scopeMissing}</p> : null}
      </fieldset>
      <fieldset className="account-expiry">
        <legend className="label">{a.expiry}</legend>
        <div className="choice">
          {expiries.map((n) => (
            <label key={n}>
              <input type="radio" name="expiry" checked={days === n} onChange={() => setDays(n)} />
              <span>{a.expiries[String(n)]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Problem text={problem} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{frame.cancel}</Button>
        <Button look="accent" type="submit" isPending={busy} isDisabled={!ready}>
          {a.makeToken}
        </Button>
      </div>
    </form>
  );
}
