import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { LockIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

/** Thin lines below the header: that one may only look, and whom one follows. */
export function RightsBar(): ReactNode {
  const { people } = useSession();
  const { people: w } = useWords();
  const refusal = useRoom((view) => view.refusal);
  const followed = useStore(people.following);
  return (
    <>
      {refusal === undefined ? null : (
        <output className="banner" data-testid="view-only">
          <LockIcon size={14} />
          <span>
            <b>{w.lock.viewOnly}</b> {refusal === "locked" ? w.lock.locked : w.lock.viewer}
          </span>
        </output>
      )}
      {followed === undefined ? null : (
        <output className={`banner following p${followed.color}`}>
          <span>
            <b>{w.follow.following(followed.name)}</b> <span className="wide-only">{w.follow.hint}</span>
          </span>
          <Button small onPress={() => people.release()}>
            {w.follow.end}
          </Button>
        </output>
      )}
    </>
  );
}

/** The frame around the text of whoever follows somebody, in that person's colour. */
export function FollowFrame(): ReactNode {
  const followed = useStore(useSession().people.following);
  return followed === undefined ? null : <div className={`follow-frame p${followed.color}`} aria-hidden="true" />;
}
