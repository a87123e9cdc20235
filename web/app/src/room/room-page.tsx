/* oxlint-disable import/no-unassigned-import -- styles, and what works by being there */
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { roomTitle } from "../lib/format";
import { loadLanguages } from "../lib/languages";
import { useStore } from "../lib/store";
import { SessionContext, useRoom, useSession } from "./context";
import { Dock } from "./dock/dock";
import { Header } from "./header";
import { MainPane } from "./main/main-pane";
import { Panes } from "./panes";
import { RoomSession } from "./session";
import { Side } from "./side/side";
import { Banner } from "./status/banner";
import { LiveRegion } from "./status/live-region";
import { MissingRoom, RefusedRoom } from "./status/missing";
import { NoteList } from "./status/note-list";
import { StatusLine } from "./status/status-line";
import { useShortcuts } from "./use-shortcuts";
import "./room.css";
import "./header.css";
import "./panes.css";
import "./people/people.css";
import "./files/tabs.css";
import "./status/status.css";
import "./dock/dock.css";
import "./side/side.css";
import "./editor/editor.css";
import "./output/output.css";
import "./output/terminal/terminal.css";
import "./output/files/run-files.css";

const Help = lazy(async () => ({ default: (await import("./help")).Help }));

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
  const status = useRoom((view) => view.status);
  const error = useRoom((view) => view.error);
  const hasText = useRoom((view) => view.files.length > 0);
  const help = useStore(session.help);
  useShortcuts(session);

  if (status === "missing" && !hasText) return <MissingRoom room={session.room} />;
  if (status === "refused") return <RefusedRoom message={error?.message ?? "The server does not let this page in."} />;
  return (
    <div className="room">
      <Header />
      <Banner />
      <div className="room-body">
        <Side />
        <Panes first={<MainPane />} second={<Dock />} />
      </div>
      <StatusLine />
      <NoteList />
      <LiveRegion />
      <Suspense>{help ? <Help onClose={() => session.help.set(false)} /> : null}</Suspense>
    </div>
  );
}

/** The page's bones while the room is being opened, so that nothing jumps when it is there. */
function Frame(): ReactNode {
  return (
    <div className="room" aria-busy="true">
      <div className="room-header" />
      <div className="panes">
        <div className="editor-pane">
          <div className="pane-bar" />
        </div>
      </div>
      <div className="status-line" />
    </div>
  );
}
