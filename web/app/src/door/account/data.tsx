import { useState, type ReactNode } from "react";
import { cleanName } from "../../lib/identity";
import { loadMe, type Account } from "../../lib/me";
import { go } from "../../lib/route";
import { Button } from "../../ui/button";
import { DownloadIcon, TrashIcon } from "../../ui/icons";
import { send } from "../api";
import { Field } from "../parts";
import { usePages } from "../use-words";
import { Confirm, Row, Section } from "./section";

/** What is kept about one: to take along, and to have removed. */
export function DataSection({ account }: { readonly account: Account }): ReactNode {
  const w = usePages().account;
  const [asking, setAsking] = useState(false);
  return (
    <Section title={w.data}>
      <ul className="account-rows">
        <li>
          <Row icon={<DownloadIcon />} title={w.export} facts={[w.exportHint]}>
            <a className="button outline small" href="/api/v1/me/export" download="codecollab.json" aria-label={w.export}>
              {w.download}
            </a>
          </Row>
        </li>
        <li>
          <Row icon={<TrashIcon />} title={w.delete} facts={[w.deleteHint]}>
            <Button small className="danger" onPress={() => setAsking(true)}>
              {w.delete}
            </Button>
          </Row>
        </li>
      </ul>
      {asking ? <DeleteAccount account={account} onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}

function DeleteAccount({ account, onClose }: { readonly account: Account; readonly onClose: () => void }): ReactNode {
  const w = usePages().account;
  const [typed, setTyped] = useState("");
  const remove = async (): Promise<void> => {
    await send("DELETE", "/api/v1/me");
    await loadMe().catch(() => undefined);
    go("/", "replace");
  };
  return (
    <Confirm
      title={w.deleteTitle}
      texts={[w.deleteText, w.deleteRooms]}
      button={w.deleteNow}
      isDisabled={cleanName(typed) !== cleanName(account.name)}
      onDo={remove}
      onClose={onClose}
    >
      <div className="door-form account-confirm">
        <Field label={`${w.deleteWord} ${account.name}`} value={typed} autoComplete="off" onText={setTyped} />
      </div>
    </Confirm>
  );
}
