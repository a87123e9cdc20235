import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { Button } from "../../../ui/button";
import { DownIcon } from "../../../ui/icons";
import { useWords, words as currentWords } from "../../../words";
import { useSession } from "../../context";
import { fileNamed } from "../../problems/problems";
import type { RoomSession } from "../../session";
import { pickRun } from "../output";
import { loadScreen } from "./load";
import type { Screen } from "./screen";

/** Lines that readers of the text get; more than anyone reads line by line. */
const readable = 1000;

type Props = {
  /** The run that is shown; the latest one when there is no number. */
  readonly number: number | undefined;
  readonly screen: RefObject<Screen | undefined>;
};

/** What a program prints, as a terminal, and as a text for those who read it with other means than eyes. */
export function TerminalView({ number, screen }: Props): ReactNode {
  const session = useSession();
  const { run: words } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const parent = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLPreElement>(null);
  const [away, setAway] = useState(false);
  const [failed, setFailed] = useState(false);
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let ended = false;
    const reader = new TextCopy(() => {
      if (text.current !== null && screen.current !== undefined) text.current.textContent = screen.current.text(readable, true);
    });
    loadScreen().then(
      (code) => {
        if (ended || frame.current === null || parent.current === null || layer.current === null) return;
        screen.current = new code.Screen(frame.current, parent.current, layer.current, hostOf(session, () => reader.changed(), setAway));
        setReady(true);
      },
      () => setFailed(true),
    );
    return () => {
      ended = true;
      reader.stop();
      screen.current?.close();
      screen.current = undefined;
    };
  }, [session, screen]);

  useEffect(() => {
    if (!ready) return;
    const { client } = session;
    let last: unknown;
    const show = (): void => {
      const run = pickRun(client.view().runs, number, session.output.past.get());
      if (run === last) return;
      last = run;
      screen.current?.show(run);
      if (run !== undefined && session.wantsFocus(run)) screen.current?.focus();
    };
    show();
    return client.subscribe(show);
  }, [session, screen, number, ready]);

  return (
    <div className="terminal-frame">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the tag for a log does not exist */}
      <pre className="hidden" role="log" aria-live="off" aria-label={words.programOutput} ref={text} />
      <div className="terminal-scroll" ref={frame}>
        <div className="terminal-parent" ref={parent} />
        <div className="terminal-layer" ref={layer} aria-hidden="true" />
      </div>
      {away ? (
        <Button small className="to-end" onPress={() => screen.current?.toEnd()}>
          <DownIcon size={13} /> {words.toEnd}
        </Button>
      ) : null}
      {failed ? <p className="output-none">{words.terminalFailed}</p> : null}
    </div>
  );
}

function hostOf(session: RoomSession, written: () => void, setAway: (away: boolean) => void): ConstructorParameters<typeof Screen>[3] {
  const { client } = session;
  const met = new Map<string, { name: string; color: number }>();
  return {
    input: (data) => session.type(data),
    fits: (size) => session.fits(size),
    written: () => {
      session.printed();
      written();
    },
    scrolled: (atEnd) => setAway(!atEnd),
    place: (run, line) => {
      const place = session.problems.of(run.request.language)?.in(line);
      const file = place && fileNamed(place.file, client.view().files);
      return place && file && { from: place.from, to: place.to, go: () => session.visit(run.run, { ...place, file: file.id }) };
    },
    typist: (person) => {
      const { people, peers } = client.view();
      const known = people.find((p) => p.person === person) ?? peers.find((p) => p.person === person);
      // Who has only typed is known while being here.
      if (known !== undefined) met.set(person, { name: known.name, color: known.color });
      return met.get(person) ?? { name: currentWords.get().chat.somebody, color: 0 };
    },
  };
}

/** Copies a text that changes often, twice a second at most; at once when it has rested. */
class TextCopy {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private copied = 0;

  constructor(private readonly copy: () => void) {}

  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.copied = Date.now();
      this.copy();
    }, Math.max(0, this.copied + 500 - Date.now()));
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
