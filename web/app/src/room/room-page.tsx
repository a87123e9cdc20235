/* oxlint-disable import/no-unassigned-import -- styles, and what works by being there */
import { useEffect, useState, type MouseEvent, type ReactNode } from "react";
import { roomTitle } from "../lib/format";
import { loadLanguages } from "../lib/languages";
import { SessionContext, useRoom, useSession } from "./context";
import { Overlays } from "./commands/overlays";
import { Header } from "./header";
import { BottomBar } from "./panes/bottom-bar";
import { Panes } from "./panes/panes";
import { useVisualViewport } from "./panes/viewport";
import { pageBefore } from "./people/before";
import { PeopleDialogs } from "./people/overlays";
import { VoiceDialogs } from "./voice/overlays";
import { RightsBar } from "./people/rights-bar";
import { RoomSession } from "./session";
import { Banner } from "./status/banner";
import { LiveRegion } from "./status/live-region";
import { MissingRoom, RefusedRoom, SignInFirst } from "./status/missing";
import { NoteList } from "./status/note-list";
import { StatusLine } from "./status/status-line";
import { useShortcuts } from "./use-shortcuts";
import { useWords } from "../words";
import "./room.css";
import "./header.css";
import "./panes/panes.css";
import "./people/people.css";
import "./files/tabs.css";
import "./status/status.css";
import "./dock/dock.css";
import "./side/side.css";
import "./editor/editor.css";
import "./output/output.css";
import "./output/terminal/terminal.css";
import "./output/files/run-files.css";

/** A room. */
export function RoomPage({ room }: { readonly room: string }): ReactNode {
  const [session, setSession] = useState<RoomSession | undefined>();

  useEffect(() => {
    document.title = `${roomTitle(room).words} · CodeCollab`;
    loadLanguages();
    let left = false;
    let opened: RoomSession | undefined;
    void RoomSession.open(room).then((s) => {
      opened = s;
      if (left) s.close();
      else setSession(s);
    });
    return () => {
      left = true;
      opened?.close();
      setSession(undefined);
    };
  }, [room]);

  if (session === undefined) return <Frame />;
  return (
    <SessionContext value={session}>
      <Room />
    </SessionContext>
  );
}

function Room(): ReactNode {
  const session = useSession();
  const words = useWords();
  const status = useRoom((view) => view.status);
  const error = useRoom((view) => view.error);
  const signedOut = useRoom((view) => view.signedOut === true);
  const hasText = useRoom((view) => view.files.length > 0);
  useShortcuts(session);
  usePrinting(session);
  useVisualViewport();

  const unsent = useRoom((view) => view.unsent.length > 0);
  if (signedOut && !hasText) return <SignInFirst />;
  if (status === "waiting") return pageBefore("waiting");
  if (status === "missing" && !hasText) return <MissingRoom room={session.room} />;
  if (status === "refused" && (!unsent || error?.code !== "refused")) {
    const before = error?.code === "sign_in" ? <SignInFirst /> : pageBefore(error?.code);
    if (before !== undefined) return before;
  }
  if (status === "refused") return <RefusedRoom message={refusalIn(words.people.refused, error)} />;
  return (
    <div className="room">
      <a className="skip" href="#main-pane" onClick={(event) => skip(event, session)}>
        {words.frame.skip}
      </a>
      <Header />
      <Banner />
      <RightsBar />
      <Panes />
      <StatusLine />
      <BottomBar />
      <NoteList />
      <LiveRegion />
      <Overlays />
      <PeopleDialogs />
      <VoiceDialogs />
    </div>
  );
}

/** Why the server does not let this page in, in the page's language where there are words for it. */
function refusalIn(known: Readonly<Record<string, string>>, error: { readonly code: string; readonly message: string } | undefined): string {
  return error === undefined ? "" : (known[error.code] ?? error.message);
}

function skip(event: MouseEvent, { editor, layout }: RoomSession): void {
  event.preventDefault();
  layout.showMain(undefined);
  requestAnimationFrame(() => editor.focus());
}

/** What is printed is the file; what makes it so is fetched when nothing else is to be done. */
function usePrinting(session: RoomSession): void {
  useEffect(() => {
    let end: (() => void) | undefined;
    let left = false;
    const timer = setTimeout(() => {
      import("./print").then(
        ({ printsFiles }) => {
          if (!left) end = printsFiles(session);
        },
        () => undefined, // there is no connection, or another build by now: the browser prints the page as it is
      );
    }, 1500);
    return () => {
      left = true;
      clearTimeout(timer);
      end?.();
    };
  }, [session]);
}

/** The page's bones while the room is being opened, so that nothing jumps when it is there. */
function Frame(): ReactNode {
  return (
    <div className="room" aria-busy="true">
      <div className="room-header" />
      <div className="room-body">
        <div className="panes">
          <div className="editor-pane">
            <div className="pane-bar" />
          </div>
        </div>
      </div>
      <div className="status-line" />
    </div>
  );
}
