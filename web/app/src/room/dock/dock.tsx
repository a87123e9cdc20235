import { Suspense, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Boundary } from "../../ui/boundary";
import { Loading } from "../../ui/loading";
import { useWords } from "../../words";
import { useSession } from "../context";
import type { Panel } from "../panel";
import { useOffered } from "../panel-list";
import { useScreen } from "../panes/screen";
import { dockPanels } from "./panels";

/** The right side of the page: tabs, and the panel of one of them. With one panel there are no tabs. */
export function Dock(): ReactNode {
  const { layout } = useSession();
  const offered = useOffered(dockPanels);
  const wanted = useStore(layout.dock);
  const tabs = useScreen() !== "single" && offered.length > 1; // where one place is seen at a time, the bar at the bottom has them
  const shown = offered.find(({ id }) => id === wanted) ?? offered[0];
  return (
    <div className="dock">
      {tabs ? <DockTabs panels={offered} shown={shown?.id} /> : null}
      {offered.map((panel) => (panel === shown || panel.stays === true ? <DockPanel key={panel.id} panel={panel} tab={tabs} shown={panel === shown} /> : null))}
    </div>
  );
}

type PanelProps = { readonly panel: Panel; readonly tab: boolean; readonly shown: boolean };

function DockPanel({ panel, tab, shown }: PanelProps): ReactNode {
  return (
    <div className="dock-panel" id={`dock-${panel.id}`} {...(tab ? { role: "tabpanel", "aria-labelledby": `dock-tab-${panel.id}` } : {})} hidden={!shown}>
      <Boundary>
        <Suspense fallback={<Loading />}>
          <panel.view />
        </Suspense>
      </Boundary>
    </div>
  );
}

function DockTabs({ panels, shown }: { readonly panels: readonly Panel[]; readonly shown: string | undefined }): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const strip = useRef<HTMLDivElement>(null);
  const key = (event: KeyboardEvent): void => {
    const at = panels.findIndex(({ id }) => id === shown);
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const next = panels[(at + step + panels.length) % panels.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    layout.showDock(next.id);
    strip.current?.querySelector<HTMLElement>(`#dock-tab-${next.id}`)?.focus();
  };
  return (
    <div className="dock-tabs" role="tablist" aria-label={words.frame.views} ref={strip}>
      {panels.map(({ id, title, icon: Icon, badge: Badge }) => (
        <button
          key={id}
          id={`dock-tab-${id}`}
          type="button"
          role="tab"
          className="tab"
          aria-selected={id === shown}
          aria-controls={`dock-${id}`}
          tabIndex={id === shown ? 0 : -1}
          onClick={() => layout.showDock(id)}
          onKeyDown={key}
        >
          <Icon size={14} />
          {title(words)}
          {Badge === undefined ? null : <Badge />}
        </button>
      ))}
    </div>
  );
}
