import { Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Boundary } from "../../ui/boundary";
import { Loading } from "../../ui/loading";
import { useSession } from "../context";
import { EditorPane } from "../editor/editor-pane";
import { mainViews } from "./views";

/** The middle of the page: the editor, or what has taken its place. The editor stays, so that nothing of it is lost. */
export function MainPane(): ReactNode {
  const { layout } = useSession();
  const shown = useStore(layout.main);
  const view = mainViews.find(({ id }) => id === shown);
  return (
    <div className="main-pane">
      <div className="main-view" hidden={view !== undefined}>
        <EditorPane />
      </div>
      {view === undefined ? null : (
        <div className="main-view">
          <Boundary key={view.id}>
            <Suspense fallback={<Loading />}>
              <view.view />
            </Suspense>
          </Boundary>
        </div>
      )}
    </div>
  );
}
