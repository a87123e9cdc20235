import { useState, type ReactNode } from "react";
import { copyText } from "../../lib/clipboard";
import { showKey } from "../../lib/route";
import { Button } from "../../ui/button";
import { CheckIcon, CopyIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { revokeLink, rotateLink, type LinkRole, type Links } from "./powers";
import { useTry } from "./try";

type Props = { readonly which: LinkRole; readonly path: string | undefined; readonly onChange: (change: Links) => void };

/** One of the room's links: to copy, and for owners to replace or to revoke. */
export function LinkRow({ which: role, path, onChange }: Props): ReactNode {
  const { room, notes } = useSession();
  const { people, frame } = useWords();
  const w = people.share;
  const owner = useRoom((view) => view.role === "owner");
  const [copied, setCopied] = useState("");
  const attempt = useTry();
  const of = role === "editor" ? { copy: w.copyEditor, rotate: w.rotateEditor, revoke: w.revokeEditor } : { copy: w.copyViewer, rotate: w.rotateViewer, revoke: w.revokeViewer };
  const url = path === undefined ? undefined : `${location.origin}${path}`;
  const copy = (): void => {
    if (url === undefined) return;
    void copyText(url).then((ok) => (ok ? setCopied(url) : notes.error(frame.noCopy)));
  };
  const rotate = (): void => {
    void attempt(async () => {
      const next = await rotateLink(room, role);
      onChange(next);
      const key = next[role]?.split("#")[1];
      if (role === "editor" && key !== undefined) showKey(room, key);
      notes.info(w.rotated);
    });
  };
  const revoke = (): void => {
    void attempt(async () => {
      await revokeLink(room, role);
      onChange({ [role]: undefined });
      notes.info(w.revoked);
    });
  };
  const done = copied !== "" && copied === url;
  return (
    <section className="link-row">
      <h3>{w[role]}</h3>
      <p className="hint">{role === "editor" ? w.editorHint : w.viewerHint}</p>
      {url === undefined ? (
        <p>{w.none}</p>
      ) : (
        <div className="link-line">
          <input className="input" readOnly value={url} aria-label={w[role]} data-testid={`link-${role}`} onFocus={(event) => event.target.select()} />
          <Button look={role === "editor" ? "accent" : "outline"} onPress={copy} aria-label={of.copy}>
            {done ? <CheckIcon size={14} /> : <CopyIcon size={14} />} {done ? w.copied : w.copy}
          </Button>
        </div>
      )}
      {owner ? (
        <div className="link-powers">
          <Button small onPress={rotate} aria-label={of.rotate}>
            {w.rotate}
          </Button>
          {url === undefined ? null : (
            <Button small onPress={revoke} aria-label={of.revoke}>
              {w.revoke}
            </Button>
          )}
        </div>
      ) : null}
    </section>
  );
}
