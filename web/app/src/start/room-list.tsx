import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { ago, day, number, roomTitle } from "../lib/format";
import { catalogue, findLanguage } from "../lib/languages";
import { account } from "../lib/me";
import { go, roomPath } from "../lib/route";
import { useStore } from "../lib/store";
import { Button, IconButton } from "../ui/button";
import { CloseIcon, MoreIcon, SearchIcon, TrashIcon } from "../ui/icons";
import { MenuPop } from "../ui/pop";
import { useWords } from "../words";
import type { ListedRoom, MyRooms, RoomList as List } from "./my-rooms";

const ConfirmDelete = lazy(async () => ({ default: (await import("../room/settings/delete-room")).ConfirmDelete }));

/** How many rooms are shown at first. */
const first = 8;

type Props = { readonly rooms: MyRooms };

/** The rooms that this person has been in, with a field to search them. */
export function RoomList({ rooms }: Props): ReactNode {
  const words = useWords();
  const w = words.start;
  const list = useStore(rooms.list);
  const [mine, setMine] = useState(false);
  const [query, setQuery] = useState("");
  const [all, setAll] = useState(false);
  const [said, setSaid] = useState("");
  const found = list.rooms.filter((room) => (!mine || room.role === "owner") && fits(room, query));
  const shown = all || query !== "" ? found : found.slice(0, first);

  const forget = (room: ListedRoom): void => {
    setSaid(w.forgotten(nameOf(room)));
    rooms.forget(room.room).catch(() => setSaid(w.forgetFailed));
  };
  return (
    <section className="rooms" aria-labelledby="rooms-title">
      <header>
        <h2 id="rooms-title">{w.rooms}</h2>
        <fieldset className="segments">
          <legend className="hidden">{w.filter}</legend>
          <Button look="quiet" small className="segment" aria-pressed={!mine} onPress={() => setMine(false)}>
            {w.all}
          </Button>
          <Button look="quiet" small className="segment" aria-pressed={mine} onPress={() => setMine(true)}>
            {w.mine}
          </Button>
        </fieldset>
      </header>
      <label className="rooms-search">
        <SearchIcon size={14} />
        <span className="hidden">{w.search}</span>
        <input type="search" placeholder={w.search} value={query} onChange={(event) => setQuery(event.target.value)} />
      </label>
      <State list={list} onRetry={rooms.load} />
      {shown.length === 0 ? (
        <p className="rooms-none">{query === "" ? (mine ? w.noneMine : words.frame.loading) : w.none(query)}</p>
      ) : (
        <ul>
          {shown.map((room) => (
            <Row key={room.room} room={room} onForget={() => forget(room)} onGone={() => rooms.gone(room.room)} />
          ))}
        </ul>
      )}
      {shown.length < found.length ? (
        <Button look="quiet" small className="rooms-more" onPress={() => setAll(true)}>
          {w.more(number(found.length))}
        </Button>
      ) : null}
      <p className="hint">{useStore(account) === undefined ? w.kept : w.keptAccount}</p>
      <output className="hidden">{said}</output>
    </section>
  );
}

/** How the list stands, where that needs saying. */
function State({ list, onRetry }: { readonly list: List; readonly onRetry: () => void }): ReactNode {
  const words = useWords();
  if (list.state === "ready") return null;
  if (list.state === "loading") {
    return (
      <output className="rooms-state">
        <span className="spinner" aria-hidden="true" /> {words.start.loading}
      </output>
    );
  }
  return (
    <output className="rooms-state warn">
      <p>{list.state === "offline" ? words.start.offline : words.start.failedList}</p>
      <Button small onPress={onRetry}>
        {words.frame.tryAgain}
      </Button>
    </output>
  );
}

/** A room that ends within this time says so. */
const warnBefore = 14 * 24 * 60 * 60 * 1000;

type RowProps = { readonly room: ListedRoom; readonly onForget: () => void; readonly onGone: () => void };

function Row({ room, onForget, onGone }: RowProps): ReactNode {
  const w = useWords().start;
  const { list } = useStore(catalogue);
  const [now] = useState(() => Date.now());
  const [deleting, setDeleting] = useState(false);
  const name = nameOf(room);
  const language = findLanguage(list, room.language)?.name ?? room.language;
  const path = roomPath(room.room);
  const facts = [language, room.role === undefined ? "" : (w.roles[room.role] ?? ""), ago(Math.max(room.at, room.changed ?? 0), now)];
  return (
    <li>
      <Link className="rooms-room" href={path} onPress={() => go(path)}>
        <span className="rooms-name">{name}</span>
        <span className="rooms-facts">{facts.filter((fact) => fact !== "").join(" · ")}</span>
        {room.ends !== undefined && room.ends - now < warnBefore ? <span className="rooms-facts rooms-ends">{w.ends(day(room.ends))}</span> : null}
      </Link>
      <MenuPop
        label={w.actions(name)}
        entries={[
          { id: "forget", name: w.forget, icon: <CloseIcon /> },
          ...(room.role === "owner" ? [{ id: "delete", name: w.remove, icon: <TrashIcon />, danger: true }] : []),
        ]}
        onAction={(id) => (id === "delete" ? setDeleting(true) : onForget())}
        renderButton={(trigger) => (
          <IconButton {...trigger} small name={w.actions(name)}>
            <MoreIcon size={14} />
          </IconButton>
        )}
      />
      {deleting ? (
        <Suspense>
          <ConfirmDelete
            room={room.room}
            onCancel={() => setDeleting(false)}
            onDone={() => {
              setDeleting(false);
              onGone();
            }}
          />
        </Suspense>
      ) : null}
    </li>
  );
}

function nameOf({ room, title }: ListedRoom): string {
  return title === "" ? roomTitle(room).words : title;
}

/** Whether every word that was typed is in the room's title, id or language. */
function fits({ room, title, language }: ListedRoom, query: string): boolean {
  const text = `${title} ${room} ${language}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Keeps the list as it is on the server: asks at the start, when the page is looked at again, and when the connection is back. */
export function useFresh(rooms: MyRooms): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") rooms.load();
    };
    rooms.load();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
    };
  }, [rooms]);
}
