import { useEffect, useRef, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useWords } from "../../words";
import { useSession } from "../context";
import { Dock } from "../dock/dock";
import { MainPane } from "../main/main-pane";
import { useOffered } from "../panel-list";
import { sidePanels } from "../side/panels";
import { Side, SideRail } from "../side/side";
import { useScreen } from "./screen";
import { Separator } from "./separator";
import { shares, sideWidth } from "./sizes";

/** The page below its header: sidebar, editor and dock, side by side, stacked, or one at a time. */
export function Panes(): ReactNode {
  const session = useSession();
  const { layout } = session;
  const screen = useScreen();
  const place = useStore(layout.place);
  const open = useStore(layout.side);
  const side = useOffered(sidePanels).some(({ id }) => id === open);

  // Whoever presses Run wants to see what comes.
  useEffect(() => session.starting.subscribe(() => session.starting.get() && layout.showDock("output")), [session, layout]);

  return (
    <div className="room-body" data-screen={screen}>
      {screen === "wide" ? <SideRail /> : null}
      {side && (screen === "wide" || place === "side") ? (
        <Side>{screen === "wide" ? <SideSeparator /> : null}</Side>
      ) : null}
      <Work away={screen !== "wide" && side && place === "side"} />
    </div>
  );
}

function SideSeparator(): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const width = useStore(sideWidth);
  const line = useRef<HTMLDivElement>(null);
  return (
    <div ref={line} className="side-line">
      <Separator
        name={words.frame.panes.resizeSide}
        controls="side"
        value={width}
        min={sideWidth.min}
        max={sideWidth.max}
        step={16}
        at={(x) => {
          const left = line.current?.parentElement?.querySelector("#side")?.getBoundingClientRect().left;
          return left === undefined ? undefined : x - left;
        }}
        onMove={(to) => sideWidth.set(to)}
        onReset={() => sideWidth.set(sideWidth.first)}
        onClose={() => layout.closeSide()}
      />
    </div>
  );
}

/** Editor and dock. */
function Work({ away }: { readonly away: boolean }): ReactNode {
  const { layout } = useSession();
  const words = useWords();
  const screen = useScreen();
  const closed = useStore(layout.dockClosed) !== undefined;
  const place = useStore(layout.place);
  const stacked = screen === "stacked";
  const size = stacked ? shares.stacked : shares.beside;
  const share = useStore(size);
  const frame = useRef<HTMLElement>(null);
  const single = screen === "single";

  return (
    <main
      className="panes"
      ref={frame}
      data-away={away || undefined}
      data-alone={(!single && closed) || undefined}
      style={{ "--share": `${share}%` } as React.CSSProperties}
    >
      <div className="pane" id="main-pane" data-away={(single && place === "dock") || undefined}>
        <MainPane />
      </div>
      {single || closed ? null : (
        <Separator
          name={words.frame.panes.resizeDock}
          controls="main-pane"
          lies={stacked}
          value={share}
          min={size.min}
          max={size.max}
          step={2}
          at={(x, y) => {
            const box = frame.current?.getBoundingClientRect();
            return box === undefined ? undefined : stacked ? ((y - box.top) / box.height) * 100 : ((x - box.left) / box.width) * 100;
          }}
          onMove={(to) => size.set(to)}
          onReset={() => size.set(size.first)}
          onClose={() => layout.toggleDock()}
        />
      )}
      <div className="pane" hidden={!single && closed} data-away={(single && place !== "dock") || undefined}>
        <Dock />
      </div>
    </main>
  );
}
