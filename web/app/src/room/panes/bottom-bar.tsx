import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "../../lib/store";
import { CodeIcon, MoreIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { useWords } from "../../words";
import { useSession } from "../context";
import { dockPanels } from "../dock/panels";
import { mainViews } from "../main/views";
import type { Panel } from "../panel";
import { useOffered } from "../panel-list";
import { sidePanels } from "../side/panels";
import { useScreen } from "./screen";

type Entry = { readonly panel: Panel; readonly current: boolean; readonly open: () => void };

/** How many views of the page have a button of their own; the others are in a menu. */
const most = 4;

/** Where the page is narrow: a bar to go from one of its places to another. */
export function BottomBar(): ReactNode {
  const words = useWords();
  const screen = useScreen();
  const { all, first } = useEntries();
  if (screen === "wide") return null;
  const others = all.filter((entry) => !first.includes(entry));
  const inMenu = others.some(({ current }) => current);
  return (
    <nav className="bottom-bar" aria-label={words.frame.views}>
      {first.map(({ panel: { id, title, icon: Icon, badge: Badge }, current, open }) => (
        <AriaButton key={id} className="button quiet" aria-current={current ? "page" : false} onPress={open}>
          <Icon size={18} />
          <span>{title(words)}</span>
          {Badge === undefined ? null : <Badge />}
        </AriaButton>
      ))}
      {others.length === 0 ? null : (
        <MenuPop
          label={words.frame.more}
          placement="top end"
          entries={others.map(({ panel: { id, title, icon: Icon } }) => ({ id, name: title(words), icon: <Icon /> }))}
          onAction={(id) => others.find(({ panel }) => panel.id === id)?.open()}
          renderButton={(trigger) => (
            <AriaButton {...trigger} className="button quiet" aria-current={inMenu ? "page" : false}>
              <MoreIcon size={18} />
              <span>{words.frame.more}</span>
            </AriaButton>
          )}
        />
      )}
    </nav>
  );
}

const editor: Panel = { id: "editor", title: (w) => w.frame.code, icon: CodeIcon, view: () => null };

/** All views of the page in their order, and those that have a button. */
function useEntries(): { readonly all: readonly Entry[]; readonly first: readonly Entry[] } {
  const { layout } = useSession();
  const screen = useScreen();
  const place = useStore(layout.place);
  const side = useStore(layout.side);
  const main = useStore(layout.main);
  const dock = useStore(layout.dock);
  const sides = useOffered(sidePanels).map((panel) => ({ panel, current: place === "side" && side === panel.id, open: () => layout.showSide(panel.id) }));
  const code = { panel: editor, current: place === "main" && main === undefined, open: () => layout.showMain(undefined) };
  const docks = useOffered(dockPanels).map((panel) => ({ panel, current: place === "dock" && dock === panel.id, open: () => layout.showDock(panel.id) }));
  const mains = useOffered(mainViews).map((panel) => ({ panel, current: place === "main" && main === panel.id, open: () => layout.showMain(panel.id) }));
  const all = [...sides.slice(0, 1), code, ...docks, ...sides.slice(1), ...mains];
  // Stacked, the dock is seen below the editor, with tabs of its own.
  return { all, first: all.length <= most + 1 ? all : all.slice(0, screen === "stacked" ? most + 1 : most) };
}
