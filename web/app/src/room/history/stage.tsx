import { Text } from "@codemirror/state";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { locale, useWords } from "../../words";
import { useRoom } from "../context";
import { editingOf } from "../editor/modes";
import { useBlame, type Person } from "./blame";
import { DiffView } from "./diff-view";
import type { PastFile } from "./moment";
import { PastEditor, type Tint } from "./past-editor";
import type { PlayerState, Shown } from "./player";
import type { Visit } from "./visit";

type Props = { readonly visit: Visit; readonly state: PlayerState };

/** The files of the moment, and the text of one of them: as it was, with who wrote it, or beside another moment. */
export function Stage({ visit, state }: Props): ReactNode {
  const words = useWords().history;
  const wanted = useStore(visit.file);
  const mode = useStore(visit.mode);
  const { shown } = state;
  if (shown === undefined) return <div className="view-loading" aria-busy="true" />;
  const file = shown.files.find(({ id }) => id === wanted) ?? shown.files[0];
  return (
    <div className="history-stage">
      {mode === "diff" ? (
        <Compare visit={visit} shown={shown} />
      ) : (
        <>
          <FileTabs visit={visit} files={shown.files} file={file?.id} />
          {file === undefined ? <p className="history-empty">{words.noFiles}</p> : <Past visit={visit} state={state} shown={shown} file={file} />}
        </>
      )}
    </div>
  );
}

type TabsProps = {
  readonly visit: Visit;
  readonly files: readonly { readonly id: string; readonly name: string }[];
  readonly file: string | undefined;
  readonly changed?: ReadonlySet<string>;
};

function FileTabs({ visit, files, file, changed }: TabsProps): ReactNode {
  const words = useWords().history;
  const strip = useRef<HTMLDivElement>(null);
  const key = (event: KeyboardEvent, at: number): void => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const next = files[(at + step + files.length) % files.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    visit.choose(next.id);
    strip.current?.querySelectorAll<HTMLElement>("[role=tab]")[files.indexOf(next)]?.focus();
  };
  return (
    <div className="pane-bar history-files">
      <div className="tabs" role="tablist" aria-label={words.files} ref={strip}>
        {files.map(({ id, name }, i) => (
          <button
            key={id}
            type="button"
            role="tab"
            className="tab"
            aria-selected={id === file}
            tabIndex={id === file ? 0 : -1}
            onClick={() => visit.choose(id)}
            onKeyDown={(event) => key(event, i)}
          >
            {name}
            {changed?.has(id) === true ? <span className="history-differs" title={words.changed}><span className="hidden">{words.changed}</span></span> : null}
          </button>
        ))}
      </div>
    </div>
  );
}

type PastProps = Props & { readonly shown: Shown; readonly file: PastFile };

function Past({ visit, state, shown, file }: PastProps): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const parent = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<PastEditor>();
  const [line, setLine] = useState(1);
  const mode = useStore(visit.mode);
  const follow = useStore(visit.follow);
  const editing = useMode(file.name);
  const blame = useBlame(visit, mode === "blame" && !state.playing && !state.waiting, shown.version, file);

  useEffect(() => {
    if (parent.current === null) return undefined;
    const made = new PastEditor(parent.current, setLine);
    setEditor(made);
    return () => made.close();
  }, []);
  useEffect(() => {
    const label = words.textAt(file.name, shown.version.toLocaleString(tongue));
    editor?.show(file.id, label, file.text, tintsOf(shown, file.id, shown.person), follow);
    editor?.uses(editing);
  }, [editor, shown, file, editing, follow, words, tongue]);
  useEffect(() => editor?.blame(mode === "blame" ? (blame.marks ?? []) : undefined), [editor, mode, blame.marks]);

  const mark = blame.marks?.[line - 1];
  return (
    <>
      <div className="history-text editor" ref={parent} />
      {mode === "blame" ? (
        <output className="history-line" data-testid="blame-line">
          {blame.failed ? words.blameFailed : mark?.version === 0 ? words.nobody : (mark?.words ?? "")}
        </output>
      ) : null}
    </>
  );
}

/** The editor's mode of a file. */
function useMode(name: string): string {
  const { list } = useStore(catalogue);
  const preferred = useRoom((view) => view.language);
  return editingOf(name, list, preferred).mode;
}

function tintsOf(shown: Shown, file: string, person: (id: string) => Person | undefined): readonly Tint[] {
  return shown.fresh
    .filter((fresh) => fresh.file === file)
    .map(({ from, to, by }) => ({ from, to, name: person(by)?.name ?? "", color: person(by)?.color ?? 0 }));
}

/** Two moments beside each other: the one that is shown, and the marked one or now. */
function Compare({ visit, shown }: { readonly visit: Visit; readonly shown: Shown }): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const wanted = useStore(visit.file);
  const marked = useStore(visit.marked);
  useRoom((view) => view.files);
  useRoom((view) => (view.save.kind === "saved" ? view.save.version : 0)); // renders again when the room moves on
  const other = { version: marked?.version ?? Number.MAX_SAFE_INTEGER, files: marked?.files ?? visit.now() };
  const name = (version: number): string => (version === Number.MAX_SAFE_INTEGER ? words.now : words.version(version.toLocaleString(tongue)));
  const [before, after] = other.version < shown.version ? [other, shown] : [shown, other];
  const pairs = pairsOf(before.files, after.files);
  const changed = new Set(pairs.filter(({ a, b }) => a === undefined || b === undefined || !a.text.eq(b.text) || a.name !== b.name).map(({ id }) => id));
  const pair = pairs.find(({ id }) => id === wanted) ?? pairs.find(({ id }) => changed.has(id)) ?? pairs[0];
  const mode = useMode(pair?.name ?? "");
  if (pair === undefined) return <p className="history-empty">{words.noFiles}</p>;
  const same = !changed.has(pair.id);
  return (
    <>
      <FileTabs visit={visit} files={pairs} file={pair.id} changed={changed} />
      {same ? <p className="history-empty">{changed.size === 0 ? words.equalAll : words.equal}</p> : null}
      {same ? null : (
        <DiffView
          mode={mode}
          before={{ title: words.older(name(before.version)), text: pair.a?.text ?? Text.empty }}
          after={{ title: words.newer(name(after.version)), text: pair.b?.text ?? Text.empty }}
        />
      )}
    </>
  );
}

type Pair = { readonly id: string; readonly name: string; readonly a?: PastFile; readonly b?: PastFile };

/** The files of two moments, those that are the same one together. */
function pairsOf(before: readonly PastFile[], after: readonly PastFile[]): readonly Pair[] {
  const out: Pair[] = before.map((a) => {
    const b = after.find(({ id }) => id === a.id) ?? after.find(({ id, name }) => name === a.name && !before.some((other) => other.id === id));
    return { id: a.id, name: b?.name ?? a.name, a, ...(b === undefined ? {} : { b }) };
  });
  const taken = new Set(out.map(({ b }) => b?.id));
  return [...out, ...after.filter(({ id }) => !taken.has(id)).map((b) => ({ id: b.id, name: b.name, b }))];
}
