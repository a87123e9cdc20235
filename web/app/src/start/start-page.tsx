/* oxlint-disable import/no-unassigned-import -- styles, and what works by being there */
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { ApiError, createRoom } from "../lib/api";
import { loadLanguages, recentLanguages, usedLanguage } from "../lib/languages";
import { me } from "../lib/me";
import { go, roomPath } from "../lib/route";
import { useStore } from "../lib/store";
import { Button } from "../ui/button";
import { PlusIcon } from "../ui/icons";
import { LanguagePicker } from "../ui/language-picker";
import { Mark, Wordmark } from "../ui/logo";
import { LookMenu } from "../ui/look-menu";
import { useWords, words as spoken } from "../words";
import { JoinForm } from "./join-form";
import { MyRooms } from "./my-rooms";
import { Picture } from "./picture";
import { RoomList, useFresh } from "./room-list";
import "./start.css";

const MeMenu = lazy(async () => ({ default: (await import("../door/me-menu")).MeMenu }));

const Troubles = lazy(async () => ({ default: (await import("../office/admin/troubles")).Troubles }));

/** The first page: a new room, a room that was sent, or one from before. With a template a room is made at once. */
export function StartPage({ template }: { readonly template?: string }): ReactNode {
  const w = useWords().start;
  const [rooms] = useState(() => new MyRooms());
  const some = useStore(rooms.list).rooms.length > 0;
  const [problem, setProblem] = useState("");
  const admin = useStore(me)?.account?.admin === true;
  useFresh(rooms);
  useEffect(() => {
    document.title = "CodeCollab";
    loadLanguages();
    // The room page is what comes next: have it ready.
    void import("../room/room-page");
  }, []);
  return (
    <div className="start">
      <header className="start-header">
        <span className="brand">
          <Mark size={24} />
          <Wordmark size={16} />
        </span>
        <span className="start-header-end">
          <LookMenu onProblem={setProblem} />
          <Suspense fallback={null}>
            <MeMenu onProblem={setProblem} />
          </Suspense>
        </span>
      </header>
      {admin ? (
        <Suspense fallback={null}>
          <Troubles />
        </Suspense>
      ) : null}
      <main className={`start-main${some ? " with-rooms" : ""}`}>
        <div className="start-words">
          <h1>{w.title}</h1>
          <p className="lead">{w.lead}</p>
          <NewRoom {...(template === undefined ? {} : { template })} />
          <JoinForm />
          <p className="hint">
            {w.vscode} <a href="/vscode/codecollab.vsix">{w.vscodeGet}</a>
          </p>
        </div>
        {some ? <RoomList rooms={rooms} /> : <Picture />}
      </main>
      <p className="start-problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

/** The button that makes a room, beside the language that it is for. */
function NewRoom({ template }: { readonly template?: string }): ReactNode {
  const w = useWords().start;
  const [language, setLanguage] = useState(() => recentLanguages()[0] ?? "python");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const asked = useRef(false);

  const create = useCallback((id: string, how: "push" | "replace" = "push"): void => {
    setBusy(true);
    setError("");
    createRoom(id).then(
      (room) => {
        usedLanguage(id);
        go(roomPath(room), how);
      },
      (e: unknown) => {
        setBusy(false);
        setError(e instanceof ApiError ? e.message : spoken.get().start.failed);
      },
    );
  }, []);
  useEffect(() => {
    if (template === undefined || asked.current) return;
    asked.current = true;
    create(template.toLowerCase(), "replace");
  }, [template, create]);
  return (
    <>
      <div className="new-room">
        <Button look="accent" className="big" isPending={busy} onPress={() => create(language)}>
          {busy ? <span className="spinner" aria-hidden="true" /> : <PlusIcon />} {w.newRoom}
        </Button>
        <LanguagePicker className="big" align="start" value={language} onPick={(l) => setLanguage(l.id)} />
      </div>
      <p className="problem" role="alert">
        {error}
      </p>
    </>
  );
}
