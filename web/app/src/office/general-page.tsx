import { useState, type ReactNode } from "react";
import { go } from "../lib/route";
import { Button } from "../ui/button";
import { useWords } from "../words";
import { orgPath, send } from "./api";
import { Confirm, CopyField, Field, Page, Problem, Section } from "./parts";
import type { OrgShown } from "./shown";
import { useDoing } from "./use-load";
import { useOfficeWords } from "./use-words";

/** The organisation itself: its name, how to leave it, and its end. */
export function GeneralPage({ org, account, onChange }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.general;
  const [asking, setAsking] = useState<"leave" | "remove" | undefined>();
  const [sure, setSure] = useState("");
  const gone = (): void => {
    onChange();
    go("/orgs");
  };
  return (
    <Page title={words.sections.general} lead={w.lead}>
      {org.role === "member" ? null : <Name org={org} onChange={onChange} />}
      <Section title={w.id} hint={w.idHint}>
        <CopyField name={w.id} value={org.id} />
      </Section>
      <Section title={w.leave} hint={w.leaveText}>
        <Button onPress={() => setAsking("leave")}>{w.leaveButton} …</Button>
      </Section>
      {org.role === "owner" ? (
        <Section title={w.remove} hint={w.removeText}>
          <Button className="danger" onPress={() => setAsking("remove")}>
            {w.removeButton}
          </Button>
        </Section>
      ) : null}
      {asking === "leave" ? (
        <Confirm
          title={`${w.leave}?`}
          text={w.leaveText}
          button={w.leaveButton}
          onDo={() => send("DELETE", orgPath(org.id, "members", account.id)).then(gone)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === "remove" ? (
        <Confirm
          title={`${w.remove}?`}
          text={w.removeText}
          button={w.removeNow}
          isDisabled={sure.trim() !== org.name}
          onDo={() => send("DELETE", orgPath(org.id)).then(gone)}
          onClose={() => setAsking(undefined)}
        >
          <Field label={w.removeSure(org.name)} value={sure} onChange={setSure} />
        </Confirm>
      ) : null}
    </Page>
  );
}

function Name({ org, onChange }: Pick<OrgShown, "org" | "onChange">): ReactNode {
  const w = useOfficeWords().general;
  const { frame } = useWords();
  const [name, setName] = useState(org.name);
  const { busy, problem, run } = useDoing();
  const [saved, setSaved] = useState(false);
  return (
    <Section title={w.name}>
      <form
        className="office-line"
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            await send("PUT", orgPath(org.id), { name: name.trim() });
            setSaved(true);
            onChange();
          });
        }}
      >
        <Field label={w.name} value={name} onChange={setName} required />
        <Button type="submit" isPending={busy} isDisabled={name.trim() === "" || name.trim() === org.name}>
          {frame.save}
        </Button>
      </form>
      <Problem text={problem} />
      <output className="hidden">{saved ? w.saved : ""}</output>
    </Section>
  );
}
