import { useState, type ReactNode } from "react";
import { go } from "../lib/route";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { ChevronIcon, PlusIcon } from "../ui/icons";
import { useWords } from "../words";
import { makeOrg, mayMake, type Org } from "./api";
import { Empty, Field, Page, PageLink, Problem } from "./parts";
import type { Shown } from "./shown";
import { useDoing, useLoad } from "./use-load";
import { useOfficeWords } from "./use-words";

/** The organisations that one is in, and the way to make one. */
export function OrgsPage({ me, onChange }: Shown): ReactNode {
  const words = useOfficeWords();
  const w = words.orgs;
  const [making, setMaking] = useState(false);
  const [able] = useLoad("make", mayMake);
  const button =
    able.data === true ? (
    <Button look="accent" onPress={() => setMaking(true)}>
      <PlusIcon size={14} /> {w.new}
    </Button>
  ) : null;
  return (
    <Page title={words.organisations} lead={w.lead} {...(me.orgs.length > 0 ? { action: button } : {})}>
      {me.orgs.length === 0 ? (
        <Empty title={w.none} action={button}>
          {able.data === false ? w.noneMember : w.noneText}
        </Empty>
      ) : (
        <ul className="office-cards">
          {me.orgs.map((org) => (
            <OrgLine key={org.id} org={org} />
          ))}
        </ul>
      )}
      {making ? <MakeOrg onClose={() => setMaking(false)} onMade={onChange} /> : null}
    </Page>
  );
}

function OrgLine({ org }: { readonly org: Org }): ReactNode {
  const words = useOfficeWords();
  const role = words.roles[org.role ?? ""] ?? "";
  return (
    <li>
      <PageLink to={`/orgs/${org.id}/members`} className="office-card">
        <span className="office-badge-square" aria-hidden="true">
          {[...org.name][0]?.toLocaleUpperCase()}
        </span>
        <span className="office-card-text">
          <strong>{org.name}</strong>
          <small>
            {words.orgs.youAre(role)}
            {org.enforced ? ` · ${words.orgs.enforced}` : ""}
          </small>
        </span>
        <ChevronIcon size={14} />
      </PageLink>
    </li>
  );
}

function MakeOrg({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }): ReactNode {
  const w = useOfficeWords().orgs;
  const { frame } = useWords();
  const [name, setName] = useState("");
  const { busy, problem, run } = useDoing();
  const make = async (): Promise<void> => {
    const id = await makeOrg(name.trim());
    onMade();
    onClose();
    go(`/orgs/${encodeURIComponent(id)}/members`);
  };
  return (
    <Dialog title={w.new} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") run(make);
        }}
      >
        <Field label={w.name} value={name} onChange={setName} hint={w.nameHint} required />
        <Problem text={problem} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{frame.cancel}</Button>
          <Button look="accent" type="submit" isPending={busy} isDisabled={name.trim() === ""}>
            {w.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
