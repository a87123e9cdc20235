/* oxlint-disable import/no-unassigned-import -- styles, and what works by being there */
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { ApiError, createRoom } from "../lib/api";
import { ago, roomTitle } from "../lib/format";
import { catalogue, findLanguage, loadLanguages, recentLanguages, usedLanguage } from "../lib/languages";
import { forgetRoom, parseRoom, recentRooms } from "../lib/rooms";
import { go, roomPath } from "../lib/route";
import { useStore } from "../lib/store";
import { Button, IconButton } from "../ui/button";
import { ArrowIcon, CloseIcon, PlusIcon } from "../ui/icons";
import { LanguagePicker } from "../ui/language-picker";
import { Mark, Wordmark } from "../ui/logo";
import { LookMenu } from "../ui/look-menu";
import { Picture } from "./picture";
import "./start.css";

/** The first page: a new room, a room that was sent, or one from before. With a template a room is made at once. */
export function StartPage({ template }: { readonly template?: string }): ReactNode {
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
        setError(e instanceof ApiError ? e.message : "The room could not be made. Try again.");
      },
    );
  }, []);
  useEffect(() => {
    document.title = "CodeCollab";
    loadLanguages();
    // The room page is what comes next: have it ready.
    void import("../room/room-page");
  }, []);
  useEffect(() => {
    if (template === undefined || asked.current) return;
    asked.current = true;
    create(template.toLowerCase(), "replace");
  }, [template, create]);

  return (
    <div className="start">
      <header className="start-header">
        <span className="brand">
          <Mark size={24} />
          <Wordmark size={16} />
        </span>
        <LookMenu />
      </header>
      <main className="start-main">
        <div className="start-words">
          <h1>Write code together, and run it.</h1>
          <p className="lead">
            A room with an editor for everyone who has its link. No account and nothing to install.
          </p>
          <div className="new-room">
            <Button look="accent" className="big" isPending={busy} onPress={() => create(language)}>
              {busy ? <span className="spinner" aria-hidden="true" /> : <PlusIcon />} New room
            </Button>
            <LanguagePicker className="big" align="start" value={language} onPick={(l) => setLanguage(l.id)} />
          </div>
          <p className="problem" role="alert">
            {error}
          </p>
          <JoinForm />
          <RecentRooms />
        </div>
        <Picture />
      </main>
    </div>
  );
}

function JoinForm(): ReactNode {
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const room = parseRoom(text);
  return (
    <form
      className="join"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (room !== undefined) go(roomPath(room));
      }}
    >
      <label className="label" htmlFor="join">
        Join a room
      </label>
      <div className="join-row">
        <input
          id="join"
          className="input"
          placeholder="Link or room name"
          value={text}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-describedby="join-problem"
          aria-invalid={tried && room === undefined}
          onChange={(event) => {
            setText(event.target.value);
            setTried(false);
          }}
        />
        <Button type="submit" className="join-go">
          Join <ArrowIcon size={14} />
        </Button>
      </div>
      <p className="problem" id="join-problem" role="alert">
        {tried && room === undefined ? (text.trim() === "" ? "Paste the link that you were sent." : "This is neither a room's link nor its name.") : ""}
      </p>
    </form>
  );
}

function RecentRooms(): ReactNode {
  const [rooms, setRooms] = useState(recentRooms);
  const { list } = useStore(catalogue);
  const [now] = useState(() => Date.now());
  if (rooms.length === 0) return null;
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Recent rooms</h2>
      <ul>
        {rooms.slice(0, 5).map(({ room, at, language }) => {
          const { words } = roomTitle(room);
          return (
            <li key={room}>
              <Link className="recent-room" href={roomPath(room)} onPress={() => go(roomPath(room))}>
                <span className="recent-name">{words}</span>
                <span className="recent-facts">
                  {findLanguage(list, language)?.name ?? language} · {ago(at, now)}
                </span>
              </Link>
              <IconButton
                small
                name={`Forget ${words}`}
                onPress={() => {
                  forgetRoom(room);
                  setRooms(recentRooms());
                }}
              >
                <CloseIcon size={13} />
              </IconButton>
            </li>
          );
        })}
      </ul>
      <p className="hint">Remembered in this browser only.</p>
    </section>
  );
}
