import { useState, type ReactNode } from "react";
import { Button, IconButton } from "../../ui/button";
import { CloseIcon, PlusIcon } from "../../ui/icons";
import { orgPath, send, text, type Connection } from "../api";
import { Field, Problem } from "../parts";
import { Rich } from "../rich";
import { useDoing } from "../use-load";
import { useGuideWords, useOfficeWords } from "../use-words";
import { groupLines, groupRoles, usualGroups, type GroupLine, type Provider } from "./values";

type Props = { readonly org: string; readonly connection: Connection; readonly provider: Provider; readonly says: string; readonly isDisabled: boolean; readonly onSaved: () => void };

/** Which group of the provider's makes people what. */
export function GroupsStep({ org, connection, provider, says, isDisabled, onSaved }: Props): ReactNode {
  const words = useOfficeWords();
  const w = useGuideWords();
  const field = connection.kind === "saml" ? "groupsAttr" : "groupsClaim";
  const [lines, setLines] = useState<readonly GroupLine[]>(() => groupLines(connection.settings));
  const [name, setName] = useState(text(connection.settings[field]) || usualGroups(connection.kind, provider));
  const { busy, problem, run } = useDoing();
  const [saved, setSaved] = useState(false);
  const set = (key: number, change: Partial<GroupLine>): void => setLines(lines.map((line) => (line.key === key ? { ...line, ...change } : line)));
  const save = async (): Promise<void> => {
    await send("PUT", orgPath(org, "connections", connection.id), {
      name: connection.name,
      enabled: connection.enabled,
      settings: { ...connection.settings, [field]: lines.length === 0 ? "" : name.trim(), groupRoles: groupRoles(lines) },
    });
    setSaved(true);
    onSaved();
  };
  return (
    <>
      <p className="office-hint">{w.groupsHint}</p>
      <form
        className="office-groups"
        onSubmit={(event) => {
          event.preventDefault();
          run(save);
        }}
      >
        {lines.length === 0 ? null : (
          <>
            <Field label={connection.kind === "saml" ? (w.values["groups"] ?? "") : w.groupsClaim} value={name} onChange={setName} code />
            <p className="office-hint">
              <Rich text={says} />
            </p>
          </>
        )}
        {lines.map((line) => (
          <div key={line.key} className="office-group">
            <input className="input" aria-label={w.group} placeholder={w.group} value={line.group} onChange={(event) => set(line.key, { group: event.target.value })} />
            <span>{w.becomes}</span>
            <select className="input" aria-label={words.invitations.role} value={line.role} onChange={(event) => set(line.key, { role: event.target.value })}>
              <option value="member">{words.roles["member"]}</option>
              <option value="admin">{words.roles["admin"]}</option>
            </select>
            <IconButton small name={w.groupRemove(line.group)} onPress={() => setLines(lines.filter(({ key }) => key !== line.key))}>
              <CloseIcon size={14} />
            </IconButton>
          </div>
        ))}
        <div className="office-actions">
          <Button
            isDisabled={isDisabled}
            onPress={() => setLines([...lines, { key: Math.max(0, ...lines.map(({ key }) => key)) + 1, group: "", role: "member" }])}
          >
            <PlusIcon size={14} /> {w.groupAdd}
          </Button>
          {lines.length === 0 && groupLines(connection.settings).length === 0 ? null : (
            <Button type="submit" look="accent" isPending={busy}>
              {w.saveGroups}
            </Button>
          )}
          <output className="office-saved">{saved ? w.saved : ""}</output>
        </div>
        <Problem text={problem} />
        {lines.length === 0 ? null : <p className="office-hint">{w.groupsNever}</p>}
      </form>
    </>
  );
}
