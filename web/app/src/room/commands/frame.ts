import { copyText } from "../../lib/clipboard";
import { formatFragment } from "../../lib/fragment";
import { go, linkKey } from "../../lib/route";
import { setTheme, type Theme } from "../../lib/theme";
import { locales, speak, words, type Locale } from "../../words";
import { dockPanels } from "../dock/panels";
import { mainViews } from "../main/views";
import type { Panel } from "../panel";
import type { RoomSession } from "../session";
import { sidePanels } from "../side/panels";
import type { Command } from "./command";
import { toRegion } from "./regions";

/** The link by which others come here. */
export function roomLink(): string {
  const key = linkKey();
  return `${location.origin}${location.pathname}${formatFragment(key === undefined ? {} : { key })}`;
}

function copyLink(session: RoomSession): void {
  void copyText(roomLink()).then((ok) => {
    const w = words.get().frame;
    session.notes.info(ok ? w.linkCopied : w.noCopy);
  });
}

/** The actions that show a view. */
function showing(panels: readonly Panel[], show: (session: RoomSession, id: string) => void): readonly Command[] {
  return panels.map(({ id, title, offered }) => ({
    id: `frame.show.${id}`,
    group: "view",
    title: (w) => w.frame.commands.show(title(w)),
    when: (session) => offered?.(session.client.view()) !== false,
    run: (session) => show(session, id),
  }));
}

const themes: readonly Theme[] = ["system", "light", "dark", "contrast"];

/** What can be done about the page as a whole. */
export const frameCommands: readonly Command[] = [
  { id: "frame.palette", group: "everywhere", title: (w) => w.frame.commands.palette, keys: "Mod+Shift+P", also: ["F1"], run: ({ dialogs }) => dialogs.palette.set("actions") },
  { id: "frame.files", group: "everywhere", title: (w) => w.frame.commands.openFile, keys: "Mod+P", run: ({ dialogs }) => dialogs.palette.set("files") },
  { id: "frame.shortcuts", group: "everywhere", title: (w) => w.frame.shortcuts, keys: "?", run: (session) => session.help.set(true) },
  { id: "frame.next", group: "everywhere", title: (w) => w.frame.commands.next, keys: "F6", run: () => toRegion(1) },
  { id: "frame.previous", group: "everywhere", title: (w) => w.frame.commands.previous, keys: "Shift+F6", run: () => toRegion(-1) },
  {
    id: "frame.side",
    group: "view",
    title: (w) => w.frame.commands.side,
    keys: "Mod+B",
    when: () => sidePanels.length > 0,
    run: ({ layout }) => layout.toggleSidebar(sidePanels[0]?.id ?? ""),
  },
  { id: "frame.dock", group: "view", title: (w) => w.frame.commands.dock, keys: "Mod+J", run: ({ layout }) => layout.toggleDock() },
  ...showing(sidePanels, ({ layout }, id) => layout.showSide(id)),
  ...showing(dockPanels, ({ layout }, id) => layout.showDock(id)),
  ...showing(mainViews, ({ layout }, id) => layout.showMain(id)),
  ...themes.map((id): Command => ({ id: `frame.theme.${id}`, group: "view", title: (w) => w.frame.commands.theme(w.frame.look[id]), run: () => setTheme(id) })),
  ...(Object.keys(locales) as Locale[]).map((id): Command => ({
    id: `frame.language.${id}`,
    group: "view",
    title: (w) => w.frame.commands.language(locales[id]),
    run: ({ notes }) => void speak(id).catch(() => notes.error(words.get().frame.look.failed)),
  })),
  { id: "frame.settings", group: "room", title: (w) => w.frame.commands.settings, keys: "Mod+,", run: ({ dialogs }) => dialogs.settings.set(true) },
  { id: "frame.title", group: "room", title: (w) => w.frame.commands.title, run: ({ dialogs }) => dialogs.settings.set(true) },
  { id: "frame.link", group: "room", title: (w) => w.frame.commands.copyLink, run: copyLink },
  { id: "frame.print", group: "files", title: (w) => w.frame.commands.print, run: () => print() },
  { id: "frame.home", group: "room", title: (w) => w.frame.commands.home, run: () => go("/") },
];
