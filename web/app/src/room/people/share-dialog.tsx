/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { AccessForm } from "./access-form";
import { Invitations } from "./invitations";
import { KnockList } from "./knock-list";
import { LinkRows } from "./link-rows";
import { LockSwitch } from "./lock-switch";
import { MemberList } from "./member-list";
import { closeRoom } from "./powers";
import { useTry } from "./try";
import { useAccessWords } from "./use-words";
import "./list.css";
import "./access.css";

/** The room's links, and, for owners, who comes in and who may do what. */
export function ShareDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { room } = useSession();
  const { people: w } = useWords();
  const a = useAccessWords();
  const owner = useRoom((view) => view.role === "owner");
  const access = useRoom((view) => view.access);
  const [tries, setTries] = useState(0);
  const attempt = useTry();
  const invited = access.visibility === "invited";
  return (
    <Dialog title={w.share.title} onClose={onClose} wide={owner}>
      <div className="share">
        {owner ? <KnockList /> : null}
        {access.closed ? null : (
          <div className="share-open">
            <p>{w.share.open}</p>
            {owner ? (
              <Button small onPress={() => void attempt(() => closeRoom(room))}>
                {w.share.close}
              </Button>
            ) : null}
          </div>
        )}
        <div className={owner ? "share-parts" : ""}>
          <div className="share-part">
            {invited ? <p className="hint">{a.linksOff}</p> : <LinkRows key={`${tries} ${access.closed} ${access.visibility}`} onAgain={() => setTries(tries + 1)} />}
            {owner ? <MemberList /> : null}
            {owner ? <LockSwitch /> : null}
          </div>
          {owner ? (
            <div className="share-part">
              <AccessForm />
              {access.closed ? <Invitations /> : null}
            </div>
          ) : null}
        </div>
      </div>
      <div className="dialog-actions">
        <Button onPress={onClose}>{w.share.done}</Button>
      </div>
    </Dialog>
  );
}
