import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { roomTitle } from "../lib/format";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { Button, IconButton } from "../ui/button";
import { DockIcon, HistoryIcon, LinkIcon, MoreIcon, PlayIcon, SettingsIcon, StopIcon } from "../ui/icons";
import { LanguagePicker } from "../ui/language-picker";
import { Mark, Wordmark } from "../ui/logo";
import { LookMenu } from "../ui/look-menu";
import { Tip } from "../ui/tooltip";
import { useWords } from "../words";
import { useRoom, useSession } from "./context";
import { preloadHistory } from "./history/loader";
import { runRefusal } from "./people/refusal";
import { PeopleButton } from "./people/people-button";
import { activeRun } from "./session";
import { VoiceBar } from "./voice/overlays";

const MeMenu = lazy(async () => ({ default: (await import("../door/me-menu")).MeMenu }));

/** The bar at the top: where one is, who is here, and the program's buttons. */
export function Header(): ReactNode {
  const session = useSession();
  const { dialogs, layout } = session;
  const words = useWords();
  const w = words.frame;
  const language = useRoom((view) => view.language);
  const ready = useRoom((view) => view.status === "ready");
  const may = useRoom((view) => view.refusal === undefined);
  const closed = useStore(layout.dockClosed) !== undefined;
  return (
    <header className="room-header">
      <Link className="home" href="/" aria-label={w.home} onPress={() => go("/")}>
        <Mark />
        <Wordmark />
      </Link>
      <span className="header-rule" aria-hidden="true" />
      <RoomName />
      <div className="header-end">
        <VoiceBar />
        <PeopleButton />
        <span className="header-rule wide-only" aria-hidden="true" />
        <HistoryButton />
        <IconButton className="wide-only" name={w.panes.dock} keys="Mod+J" tip="bottom" aria-pressed={!closed} onPress={() => layout.toggleDock()}>
          <DockIcon />
        </IconButton>
        <IconButton className="wide-only" name={w.commands.settings} keys="Mod+," tip="bottom" onPress={() => dialogs.settings.set(true)}>
          <SettingsIcon />
        </IconButton>
        <span className="not-single">
          <LookMenu onProblem={(text) => session.notes.error(text)} />
        </span>
        <span className="not-single header-me">
          <Suspense fallback={null}>
            <MeMenu small onProblem={(text) => session.notes.error(text)} />
          </Suspense>
        </span>
        <IconButton name={w.commands.palette} keys="Mod+Shift+P" tip="bottom" onPress={() => dialogs.palette.set("actions")}>
          <MoreIcon />
        </IconButton>
      </div>
      <div className="header-program">
        <LanguagePicker value={language} isDisabled={!ready || !may} onPick={(l) => session.language(l)} />
        <RunButton />
      </div>
    </header>
  );
}

function HistoryButton(): ReactNode {
  const { layout } = useSession();
  const words = useWords().history;
  const open = useStore(layout.main) === "history";
  useEffect(preloadHistory, []);
  return (
    <IconButton name={open ? words.close : words.open} keys="Mod+Alt+H" tip="bottom" onPress={() => layout.showMain(open ? undefined : "history")}>
      <HistoryIcon />
    </IconButton>
  );
}

function RoomName(): ReactNode {
  const { room, people } = useSession();
  const { people: w } = useWords();
  const title = useRoom((view) => view.title);
  const { words, rest } = roomTitle(room);
  useEffect(() => {
    document.title = `${title === "" ? words : title} · CodeCollab`;
  }, [title, words]);

  return (
    <div className="room-name">
      <h1 title={room}>
        {title === "" ? words : title}
        {title !== "" || rest === "" ? null : <span className="rest">-{rest}</span>}
      </h1>
      <Button look="outline" small className="copy-link" aria-label={w.share.button} onPress={() => people.asking.set({ kind: "share" })}>
        <LinkIcon size={14} />
        <span className="copy-words">{w.share.button}</span>
      </Button>
    </div>
  );
}

function RunButton(): ReactNode {
  const session = useSession();
  const words = useWords();
  const w = words.frame;
  const running = useRoom((view) => activeRun(view) !== undefined);
  const ready = useRoom((view) => view.status === "ready");
  const online = useRoom((view) => view.connection === "online");
  const refusal = useRoom((view) => view.noRun);
  const may = refusal === undefined;
  const starting = useStore(session.starting);
  if (running) {
    return (
      <Tip text={may ? words.run.commands.stop : runRefusal(words, refusal)} keys="Mod+Shift+Enter" side="bottom">
        <Button look="stop" className="run-button" isDisabled={!may} onPress={() => session.stop()}>
          <StopIcon size={14} /> {w.stop}
        </Button>
      </Tip>
    );
  }
  if (!may) return <NoRunButton why={runRefusal(words, refusal)} />;
  return (
    <Tip text={online ? words.run.commands.run : w.noConnection} keys="Mod+Enter" side="bottom">
      <Button look="go" className="run-button" isDisabled={!ready || !online} isPending={starting} onPress={() => session.run()}>
        {starting ? <span className="spinner" aria-hidden="true" /> : <PlayIcon size={14} />} {w.run}
      </Button>
    </Tip>
  );
}

/** The button of somebody who may not run programs: it says why. A button that is off shows no tooltip of its own. */
function NoRunButton({ why }: { readonly why: string }): ReactNode {
  const { frame: w } = useWords();
  return (
    <span title={why}>
      <Button look="go" className="run-button" isDisabled aria-describedby="no-run">
        <PlayIcon size={14} /> {w.run}
      </Button>
      <span id="no-run" hidden>
        {why}
      </span>
    </span>
  );
}
