import { Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Boundary } from "../../ui/boundary";
import { IconButton } from "../../ui/button";
import { Loading } from "../../ui/loading";
import { useWords } from "../../words";
import { useSession } from "../context";
import { useOffered } from "../panel-list";
import { sideWidth } from "../panes/sizes";
import { sidePanels } from "./panels";

/** The rail of buttons at the left edge, one for each view of the sidebar. */
export function SideRail(): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const open = useStore(layout.side);
  const offered = useOffered(sidePanels);
  if (offered.length === 0) return null;
  return (
    <nav className="rail" aria-label={words.frame.sideViews}>
      {offered.map(({ id, title, icon: Icon, badge: Badge }) => (
        <IconButton key={id} name={title(words)} tip="right" aria-expanded={id === open} onPress={() => layout.toggleSide(id)}>
          <Icon />
          {Badge === undefined ? null : <Badge />}
        </IconButton>
      ))}
    </nav>
  );
}

/** The view that is open in the sidebar, and beside it what it is moved by. */
export function Side({ children }: { readonly children: ReactNode }): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const open = useStore(layout.side);
  const width = useStore(sideWidth);
  const shown = useOffered(sidePanels).find(({ id }) => id === open);
  if (shown === undefined) return null;
  return (
    <aside className="side-place" aria-label={shown.title(words)}>
      <div className="side" id="side" style={{ "--side": `${width}px` } as React.CSSProperties}>
        <Boundary key={shown.id}>
          <Suspense fallback={<Loading />}>
            <shown.view />
          </Suspense>
        </Boundary>
      </div>
      {children}
    </aside>
  );
}
