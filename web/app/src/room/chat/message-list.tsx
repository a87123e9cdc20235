import type { wire } from "@codecollab/client";
import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { ClockIcon, DownIcon } from "../../ui/icons";
import { locale, useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { dayWords, groupsOf, type Group } from "./groups";
import { MessageText } from "./message";

type Message = wire.ChatMessage;

/** So near to the end, in pixels, counts as being there. */
const nearEnd = 40;

/** What was said, oldest first, and what waits to be sent. */
export function MessageList(): ReactNode {
  const session = useSession();
  const { chat: words } = useWords();
  const { messages, more, waiting } = useRoom((view) => view.chat);
  const earlier = useStore(session.chat.earlier);
  const me = useRoom((view) => view.person);
  // The first that is new when the list is opened; it stays there until the list is opened again.
  const [readUpTo] = useState(() => session.chat.readUpTo);
  const all = useMemo(() => [...(earlier?.messages ?? []), ...messages], [earlier, messages]);
  const groups = useMemo(() => groupsOf(all), [all]);
  const { list, below, toEnd, keepPlace } = useScroll(all, waiting.length, me);
  const firstNew = readUpTo === undefined ? undefined : all.find(({ version, by }) => version > readUpTo && by !== me)?.version;

  return (
    <div className="chat-scroll-frame">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <div className="chat-scroll" role="log" aria-label={words.messages} aria-live="polite" tabIndex={0} ref={list}>
        {(earlier?.more ?? more) ? <Earlier keepPlace={keepPlace} /> : null}
        {all.length === 0 && waiting.length === 0 ? (
          <div className="chat-empty">
            <p>{words.empty}</p>
            <p className="faint">{words.emptyHint}</p>
          </div>
        ) : null}
        {groups.map((group) => (
          <GroupView key={group.messages[0]?.version} group={group} me={me} firstNew={firstNew} />
        ))}
        {waiting.length > 0 ? <Waiting texts={waiting} me={me} /> : null}
      </div>
      {below > 0 ? (
        <Button small className="to-end" onPress={toEnd}>
          <DownIcon size={13} /> {words.newBelow(below)}
        </Button>
      ) : null}
    </div>
  );
}

function GroupView({ group, me, firstNew }: { readonly group: Group; readonly me: string | undefined; readonly firstNew: number | undefined }): ReactNode {
  const { chat: words } = useWords();
  const language = useStore(locale);
  const files = useRoom((view) => view.files);
  const people = useRoom((view) => view.people);
  const [now] = useState(() => Date.now());
  const known = people.find(({ person }) => person === group.by);
  const name = known?.name ?? words.somebody;
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  const whole = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
  return (
    <>
      {group.newDay ? <p className="chat-day">{dayWords(group.at, now, words, language)}</p> : null}
      <article className="chat-group">
        <Avatar name={name} color={known?.color ?? 0} size={26} />
        <header>
          <b>{name}</b>
          {group.by === me ? <span className="chat-you">{words.you}</span> : null}
          <time dateTime={new Date(group.at).toISOString()} title={whole.format(group.at)}>
            {clock.format(group.at)}
          </time>
        </header>
        {group.messages.map(({ version, at, text }) => (
          <div key={version} className="chat-message" title={whole.format(at)} data-new={version === firstNew || undefined}>
            {version === firstNew ? <span className="chat-new">{words.unreadFrom}</span> : null}
            <MessageText text={text} files={files} />
          </div>
        ))}
      </article>
    </>
  );
}

function Waiting({ texts, me }: { readonly texts: readonly string[]; readonly me: string | undefined }): ReactNode {
  const { chat: words } = useWords();
  const files = useRoom((view) => view.files);
  const known = useRoom((view) => view.people.find(({ person }) => person === me) ?? view.peers.find((peer) => peer.me));
  return (
    <article className="chat-group waiting">
      <Avatar name={known?.name ?? ""} color={known?.color ?? 0} size={26} />
      <header>
        <b>{known?.name ?? words.you}</b>
        <span className="chat-waiting">
          <ClockIcon size={12} /> {words.waiting}
        </span>
      </header>
      {texts.map((text, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- they leave in the order in which they came
        <div key={i} className="chat-message">
          <MessageText text={text} files={files} />
        </div>
      ))}
    </article>
  );
}

function Earlier({ keepPlace }: { readonly keepPlace: () => void }): ReactNode {
  const { chat, notes } = useSession();
  const { chat: words } = useWords();
  const [loading, setLoading] = useState(false);
  const load = (): void => {
    setLoading(true);
    chat
      .loadEarlier()
      .then(keepPlace, () => notes.error(words.earlierFailed))
      .finally(() => setLoading(false));
  };
  return (
    <Button small look="quiet" className="chat-earlier" isPending={loading} onPress={load}>
      {words.earlier}
    </Button>
  );
}

type Scroll = {
  readonly list: React.RefObject<HTMLDivElement | null>;
  /** How many messages lie below what is in view, and came since that was the end. */
  readonly below: number;
  readonly toEnd: () => void;
  /** What is in view stays when messages are put above it; to be called before they are drawn. */
  readonly keepPlace: () => void;
};

/** Stays at the end while the reader is there, and where the reader is otherwise; one's own words are always shown. */
function useScroll(all: readonly Message[], waiting: number, me: string | undefined): Scroll {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const fromEnd = useRef<number>(undefined);
  const [seen, setSeen] = useState<number>();
  const last = all.at(-1);

  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const scrolled = (): void => {
      atEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < nearEnd;
      fromEnd.current = current.scrollHeight - current.scrollTop;
      if (atEnd.current) setSeen(undefined);
    };
    current.addEventListener("scroll", scrolled, { passive: true });
    // The panel grows and shrinks, and so does what is in it.
    const resized = new ResizeObserver(() => {
      if (atEnd.current) current.scrollTop = current.scrollHeight;
    });
    resized.observe(current);
    return () => {
      current.removeEventListener("scroll", scrolled);
      resized.disconnect();
    };
  }, []);
  const before = useRef({ first: all[0]?.version, last: last?.version, waiting });
  useLayoutEffect(() => {
    const { current } = list;
    const { first, last: lastBefore, waiting: waited } = before.current;
    before.current = { first: all[0]?.version, last: last?.version, waiting };
    if (current === null) return;
    if (first !== all[0]?.version && fromEnd.current !== undefined && lastBefore === last?.version) {
      current.scrollTop = current.scrollHeight - fromEnd.current;
      return;
    }
    if (atEnd.current || waiting > waited || last?.by === me) current.scrollTop = current.scrollHeight;
    else if (lastBefore !== last?.version) setSeen((known) => known ?? lastBefore);
  }, [all, last, waiting, me]);

  return {
    list,
    below: seen === undefined ? 0 : all.filter(({ version }) => version > seen).length,
    toEnd: () => {
      const { current } = list;
      if (current !== null) current.scrollTop = current.scrollHeight;
      setSeen(undefined);
    },
    keepPlace: () => {
      atEnd.current = false;
    },
  };
}
