import type { wire } from "@codecollab/client";
import { Fragment, memo, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { CloseIcon } from "../../ui/icons";
import { locale } from "../../words";
import { useRoom } from "../context";
import type { Note } from "./ask";
import { isBusy, shownByOthers, type Entry } from "./hints";
import { Thumb } from "./icons";
import { useHints, usePanelWords } from "./use-panel";

type Told = wire.HintRecord;

/** What was asked here and what others have shown, the newest first. */
export function HintList(): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  const entries = useStore(hints.entries);
  const me = useRoom((view) => view.person);
  const told = useRoom((view) => view.told);
  const others = shownByOthers(told, entries, me);
  const all = [...entries.map((entry) => ({ at: entry.at, entry })), ...others.map((record) => ({ at: record.at, record }))].sort((a, b) => b.at - a.at);
  const last = entries[0];
  return (
    <div className="hints-list">
      {all.length === 0 ? <p className="hints-empty">{words.empty}</p> : null}
      {all.map((one) => ("entry" in one ? <EntryCard key={`e${one.entry.key}`} entry={one.entry} /> : <ToldCard key={`t${one.record.version}`} record={one.record} me={me} />))}
      <output className="hidden" aria-live="polite">
        {last?.state === "done" ? words.heard(last.answer?.text === "" ? words.nothing : last.text) : ""}
      </output>
    </div>
  );
}

/** One question. Those that have not changed are not drawn again while a new one is answered. */
const EntryCard = memo(function EntryCard({ entry }: { readonly entry: Entry }): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  const { answer, state, error } = entry;
  const busy = isBusy(entry);
  return (
    <article className="hint-card" aria-busy={busy}>
      <Head kind={entry.kind} level={entry.level} at={entry.at} shared={entry.shared && state === "done"} />
      {entry.file !== undefined && entry.line !== undefined ? <Place file={entry.file} line={entry.line} category={answer?.category} /> : null}
      {entry.text === "" ? null : <HintText text={entry.text} />}
      {state === "done" && answer?.text === "" ? <p className="hint-nothing">{words.nothing}</p> : null}
      {state === "failed" ? <p className="hint-failed">{words.failed[error?.code ?? ""] ?? error?.message}</p> : null}
      {state === "cancelled" ? <p className="faint">{words.states["cancelled"]}</p> : null}
      {busy ? (
        <div className="hint-busy">
          <span className="spinner" aria-hidden="true" />
          <span>{state === "model" && entry.place !== undefined ? words.asks(entry.model ?? "", entry.place) : words.states[state]}</span>
          <Button small onPress={() => hints.cancel(entry.key)}>
            {words.cancel}
          </Button>
        </div>
      ) : null}
      {answer === undefined ? null : (
        <>
          <Notes notes={answer.notes ?? []} />
          <footer>
            <Tags source={answer.source} model={answer.model ?? ""} place={answer.place ?? ""} cached={answer.cached === true} />
            {answer.text === "" ? null : <Thumbs entry={entry} />}
          </footer>
        </>
      )}
    </article>
  );
});

function ToldCard({ record, me }: { readonly record: Told; readonly me: string | undefined }): ReactNode {
  const words = usePanelWords();
  const name = useRoom((view) => view.people.find(({ person }) => person === record.by)?.name);
  const { hint } = record;
  return (
    <article className="hint-card">
      <Head kind={hint.ask} level={hint.level} at={record.at} shared={record.by === me} {...(record.by === me ? {} : { by: name ?? words.somebody })} />
      {hint.file !== undefined && hint.line !== undefined ? <Place file={hint.file} line={hint.line} was={hint.line_text ?? ""} category={hint.category} /> : null}
      <HintText text={hint.text} />
      <footer>
        <Tags source={hint.source} model={hint.model ?? ""} place={hint.place ?? ""} cached={hint.cached === true} />
      </footer>
    </article>
  );
}

type HeadProps = { readonly kind: string; readonly level: number; readonly at: number; readonly shared: boolean; readonly by?: string };

function Head({ kind, level, at, shared, by }: HeadProps): ReactNode {
  const words = usePanelWords();
  const language = useStore(locale);
  return (
    <header>
      <b>{kind === "hint" ? words.levels[level - 1] : words.kinds[kind]}</b>
      {by === undefined ? null : <span className="faint">{words.toldBy(by)}</span>}
      {shared ? <span className="faint">{words.toldToAll}</span> : null}
      <time className="faint" dateTime={new Date(at).toISOString()}>
        {new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at)}
      </time>
    </header>
  );
}

type PlaceProps = { readonly file: string; readonly line: number; readonly was?: string; readonly category?: string | undefined };

function Place({ file, line, was = "", category }: PlaceProps): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  const kind = words.categories[category ?? ""];
  return (
    <p className="hint-place">
      <button type="button" className="place" onClick={() => hints.visit(file, line, was)}>
        {words.goTo(file, line)}
      </button>
      {kind === undefined ? null : <span className="hint-kind">{kind}</span>}
      <IconButton small name={words.remove} onPress={() => hints.unmark()}>
        <CloseIcon size={12} />
      </IconButton>
    </p>
  );
}

/** A text of a hint. What stands between back quotes is shown as code; nothing in it becomes markup. */
function HintText({ text }: { readonly text: string }): ReactNode {
  const parts = text.split("`");
  return (
    <p className="hint-text">
      {parts.map((part, i) =>
        // oxlint-disable-next-line react/no-array-index-key -- the parts of one text, in order
        i % 2 === 1 && i < parts.length - 1 ? <code key={i}>{part}</code> : <Fragment key={i}>{i % 2 === 1 ? `\`${part}` : part}</Fragment>,
      )}
    </p>
  );
}

function Notes({ notes }: { readonly notes: readonly Note[] }): ReactNode {
  const words = usePanelWords();
  if (notes.length === 0) return null;
  return (
    <ul className="hint-notes">
      {notes.map((note) => (
        <li key={note.code}>{words.notes[note.code]?.(note) ?? note.code}</li>
      ))}
    </ul>
  );
}

type TagProps = { readonly source: string; readonly model: string; readonly place: string; readonly cached: boolean };

function Tags({ source, model, place, cached }: TagProps): ReactNode {
  const words = usePanelWords();
  return (
    <span className="hint-tags">
      {cached ? <span title={words.cachedHint}>{words.cached}</span> : null}
      {source === "model" ? <span title={words.byHint}>{words.by(model, place)}</span> : <span title={words.groundedHint}>{words.groundedTag}</span>}
    </span>
  );
}

function Thumbs({ entry }: { readonly entry: Entry }): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  return (
    <span className="hint-thumbs">
      <IconButton small name={words.helpful} aria-pressed={entry.vote === true} onPress={() => void hints.vote(entry, true, words.voteFailed)}>
        <Thumb />
      </IconButton>
      <IconButton small name={words.unhelpful} aria-pressed={entry.vote === false} onPress={() => void hints.vote(entry, false, words.voteFailed)}>
        <Thumb down />
      </IconButton>
    </span>
  );
}
