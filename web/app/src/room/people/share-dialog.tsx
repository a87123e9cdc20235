/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { LinkRows } from "./link-rows";
import { LockSwitch } from "./lock-switch";
import { MemberList } from "./member-list";
import { closeRoom } from "./powers";
import { useTry } from "./try";
import "./list.css";

/** The room's links, and, for owners, who has a role. */
export function ShareDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { room } = useSession();
  const { people: w } = useWords();
  const owner = useRoom((view) => view.role === "owner");
  const closed = useRoom((view) => view.closed);
  const [tries, setTries] = useState(0);
  const attempt = useTry();
  return (
    <Dialog title={w.share.title} onClose={onClose}>
      <div className="share">
        {closed ? null : (
          <div className="share-open">
            <p>{w.share.open}</p>
            {owner ? (
              <Button small onPress={() => void attempt(() => closeRoom(room))}>
                {w.share.close}
              </Button>
            ) : null}
          </div>
        )}
        <LinkRows key={`${tries} ${closed}`} onAgain={() => setTries(tries + 1)} />
        {owner ? (
          <>
            <MemberList />
            <LockSwitch />
          </>
        ) : null}
      </div>
      <div className="dialog-actions">
        <Button onPress={onClose}>
          {w.share.done}
        </Button>
      </div>
    </Dialog>
  );
}
