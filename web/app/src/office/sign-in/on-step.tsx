import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { orgPath, send, type Connection } from "../api";
import { Confirm, CopyField, Notice, Problem } from "../parts";
import type { OrgShown } from "../shown";
import { useDoing } from "../use-load";
import { useGuideWords } from "../use-words";
import { Enforce } from "./enforce";

type Props = Pick<OrgShown, "org" | "onChange"> & { readonly connection: Connection; readonly tested: boolean; readonly onSaved: () => void };

/** The switch, and what comes after it: the link, and whether everybody must. */
export function OnStep({ org, connection, tested, onSaved, onChange }: Props): ReactNode {
  const w = useGuideWords();
  const { busy, problem, run } = useDoing();
  const [ending, setEnding] = useState(false);
  const turn = async (enabled: boolean): Promise<void> => {
    await send("PUT", orgPath(org.id, "connections", connection.id), { name: connection.name, enabled, settings: connection.settings });
    onSaved();
    onChange();
  };
  if (!connection.enabled) {
    return (
      <>
        <p className="office-hint">{w.onHint}</p>
        <div className="office-actions">
          <Button look="accent" isPending={busy} isDisabled={!tested} onPress={() => run(() => turn(true))}>
            {w.onButton}
          </Button>
          {tested ? null : <span className="office-hint">{w.onNeedsTest}</span>}
        </div>
        <Problem text={problem} />
      </>
    );
  }
  return (
    <>
      <Notice kind="good">{w.isOn}</Notice>
      <div className="office-copies">
        <CopyField name={w.link} hint={w.linkHint} value={`${connection.origin || location.origin}${connection.path || `/auth/sso/${connection.id}`}`} />
      </div>
      <Enforce org={org} onChange={onChange} />
      <div className="office-actions">
        <Button onPress={() => setEnding(true)}>{w.offButton} …</Button>
      </div>
      {ending ? <Confirm title={w.offTitle} text={w.offText} button={w.offButton} onDo={() => turn(false)} onClose={() => setEnding(false)} /> : null}
    </>
  );
}
