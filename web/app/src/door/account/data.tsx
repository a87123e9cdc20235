import { useState, type ReactNode } from "react";
import { cleanName } from "../../lib/identity";
import { loadMe, type Account } from "../../lib/me";
import { go } from "../../lib/route";
import { Button } from "../../ui/button";
import { DownloadIcon, TrashIcon } from "../../ui/icons";
import { roomTitle } from "../../lib/format";
import { Field, Notice } from "../parts";
import { useLoad } from "../use-load";
import { sentence, usePages } from "../use-words";
import { deleteAccount, fetchDeletion, type LeftRoom } from "./api";
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
  const pages = usePages();
  const w = pages.account;
  const [{ data: plan, problem }] = useLoad(fetchDeletion);
  const [end, setEnd] = useState(false);
  const [typed, setTyped] = useState("");
  const inTheWay = plan?.problem ?? problem;
  const remove = async (): Promise<void> => {
    await deleteAccount(end);
    await loadMe().catch(() => undefined);
    go("/", "replace");
  };
  return (
    <Confirm
      title={w.deleteTitle}
      texts={[w.deleteText]}
      button={w.deleteNow}
      isDisabled={plan === undefined || inTheWay !== undefined || cleanName(typed) !== cleanName(account.name)}
      onDo={remove}
      onClose={onClose}
    >
      <div className="door-form account-confirm">
        {inTheWay === undefined ? null : <Notice>{sentence(inTheWay, pages)}</Notice>}
        {plan === undefined || plan.rooms.length === 0 ? null : <Rooms rooms={plan.rooms} end={end} onChoose={setEnd} />}
        <Field label={`${w.deleteWord} ${account.name}`} value={typed} autoComplete="off" onText={setTyped} />
      </div>
    </Confirm>
  );
}

type RoomsProps = { readonly rooms: readonly LeftRoom[]; readonly end: boolean; readonly onChoose: (end: boolean) => void };

/** The rooms that nobody else owns, and what becomes of them. */
function Rooms({ rooms, end, onChoose }: RoomsProps): ReactNode {
  const w = usePages().account;
  return (
    <fieldset className="account-choices">
      <legend>{w.deleteRooms(rooms.length)}</legend>
      <ul className="account-left">
        {rooms.map(({ room, title, heir }) => (
          <li key={room}>
            <b>{title === "" ? roomTitle(room).words : title}</b> {heir === "" ? w.noHeir : w.heir(heir)}
          </li>
        ))}
      </ul>
      {[false, true].map((choice) => (
        <label key={String(choice)}>
          <input type="radio" name="rooms" checked={end === choice} onChange={() => onChoose(choice)} />
          <span>{choice ? w.endRooms : w.handOn}</span>
        </label>
      ))}
    </fieldset>
  );
}
