import { Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/button";
import { useWords } from "../../words";
import { useSession } from "../context";
import { sidePanels } from "./panels";

/** The left side of the page: a rail of buttons, and the view of one of them. */
export function Side(): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const open = useStore(layout.side);
  const shown = sidePanels.find(({ id }) => id === open);
  if (sidePanels.length === 0) return null;
  return (
    <>
      <nav className="rail" aria-label={words.frame.sideViews}>
        {sidePanels.map(({ id, title, icon: Icon, badge: Badge }) => (
          <IconButton key={id} name={title(words)} aria-expanded={id === shown?.id} onPress={() => layout.toggleSide(id)}>
            <Icon />
            {Badge === undefined ? null : <Badge />}
          </IconButton>
        ))}
      </nav>
      {shown === undefined ? null : (
        <aside className="side" aria-label={shown.title(words)}>
          <Suspense fallback={<div className="view-loading" aria-busy="true" />}>
            <shown.view />
          </Suspense>
        </aside>
      )}
    </>
  );
}
