/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, type ReactNode } from "react";
import { copyText } from "../../lib/clipboard";
import { formatFragment, parseFragment } from "../../lib/fragment";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { CloseIcon, HistoryIcon, MoreIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { locale, useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { Controls, Legend } from "./controls";
import { saveFile, saveZip } from "./download";
import type { PlayerState } from "./player";
import { Stage } from "./stage";
import { Timeline } from "./timeline";
import { Visit, type Mode } from "./visit";
import "./history.css";

/** The history of the room, in the place of the editor. */
export function HistoryView(): ReactNode {
  const session = useSession();
  const visit = useStore(session.history);
  useEffect(() => {
    const made = new Visit(session);
    session.history.set(made);
    void made.player.open(parseFragment(location.hash).version);
    const hash = (): void => {
      const { version } = parseFragment(location.hash);
      if (version !== undefined && version !== made.player.state.get().version) made.player.seek(version);
    };
    window.addEventListener("hashchange", hash);
    return () => {
      window.removeEventListener("hashchange", hash);
      session.history.set(undefined);
      made.close();
    };
  }, [session]);
  return visit === undefined ? <div className="view-loading" aria-busy="true" /> : <Looking visit={visit} />;
}

function Looking({ visit }: { readonly visit: Visit }): ReactNode {
  const words = useWords().history;
  const state = useStore(visit.player.state);
  const { overview, error } = state;
  return (
    <section className="history" aria-label={words.title} aria-busy={state.waiting}>
      <Bar visit={visit} state={state} />
      {error === undefined ? null : (
        <div className="history-problem" role="alert">
          <p>
            {words.failed} {error}
          </p>
          <Button onPress={() => void visit.player.open(parseFragment(location.hash).version)}>{words.retry}</Button>
        </div>
      )}
      {overview === undefined ? (
        error === undefined ? <p className="history-empty" aria-busy="true">{words.loading}</p> : null
      ) : (
        <>
          <Messages visit={visit} state={state} />
          <Stage visit={visit} state={state} />
          <div className="history-foot">
            <Timeline visit={visit} overview={overview} state={state} />
            <Legend overview={overview} />
            <Controls visit={visit} state={state} />
          </div>
        </>
      )}
    </section>
  );
}

/** What is not as it should be, in quiet lines. */
function Messages({ visit, state }: { readonly visit: Visit; readonly state: PlayerState }): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const online = useRoom((view) => view.connection === "online");
  const { overview, momentError, version } = state;
  const preparing = overview !== undefined && overview.ready < overview.version;
  if (online && momentError === undefined && !preparing) return null;
  return (
    <output className="history-problem">
      {preparing ? <p>{words.preparing(overview.ready.toLocaleString(tongue), overview.version.toLocaleString(tongue))}</p> : null}
      {online ? null : <p>{words.offline}</p>}
      {momentError === undefined ? null : (
        <>
          <p>
            {words.momentFailed} {momentError}
          </p>
          <Button small onPress={() => visit.player.seek(version)}>
            {words.retry}
          </Button>
        </>
      )}
    </output>
  );
}

function Bar({ visit, state }: { readonly visit: Visit; readonly state: PlayerState }): ReactNode {
  const { layout } = useSession();
  const words = useWords().history;
  const mode = useStore(visit.mode);
  const mayEdit = useRoom((view) => view.status === "ready" && view.refusal === undefined);
  const modes: readonly Mode[] = ["text", "blame", "diff"];
  return (
    <header className="history-bar">
      <h2>
        <HistoryIcon /> {words.title}
      </h2>
      <div className="history-modes" role="radiogroup" aria-label={words.views}>
        {modes.map((id) => (
          <label key={id}>
            <input type="radio" name="history-mode" checked={id === mode} onChange={() => visit.mode.set(id)} />
            <span>{words[id]}</span>
          </label>
        ))}
      </div>
      {mode === "diff" ? <Against visit={visit} /> : null}
      <div className="history-actions">
        <Button look="accent" isDisabled={!mayEdit || state.shown === undefined || state.playing} onPress={() => void visit.restore()}>
          {words.restore}
        </Button>
        <More visit={visit} state={state} />
        <IconButton name={words.close} onPress={() => layout.showMain(undefined)}>
          <CloseIcon />
        </IconButton>
      </div>
    </header>
  );
}

/** What the moment is compared with. */
function Against({ visit }: { readonly visit: Visit }): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const marked = useStore(visit.marked);
  return (
    <label className="history-against">
      <span>{words.compareWith}</span>
      <select
        value={marked === undefined ? "now" : "marked"}
        onChange={(event) => {
          if (event.target.value === "now") visit.marked.set(undefined);
          else visit.mark();
        }}
      >
        <option value="now">{words.now}</option>
        <option value="marked">{marked === undefined ? words.mark : words.marked(marked.version.toLocaleString(tongue))}</option>
      </select>
    </label>
  );
}

function More({ visit, state }: { readonly visit: Visit; readonly state: PlayerState }): ReactNode {
  const session = useSession();
  const words = useWords().history;
  const tongue = useStore(locale);
  const { shown } = state;
  const copied = (ok: boolean): void => (ok ? session.notes.info(words.copied) : session.notes.error(words.notCopied));
  const act = (id: string): void => {
    const file = visit.shownFile();
    if (shown === undefined) return;
    if (id === "link") {
      const hash = formatFragment({ ...parseFragment(location.hash), version: shown.version });
      void copyText(`${location.origin}${location.pathname}${hash}`).then(copied);
    } else if (id === "mark") {
      visit.mark();
      session.notes.info(words.markedNote(shown.version.toLocaleString(tongue)));
    } else if (id === "zip") {
      void saveZip(`${session.room}-v${shown.version}.zip`, shown.files);
    } else if (file !== undefined && id === "copy") void copyText(file.text.toString()).then(copied);
    else if (file !== undefined) saveFile(file.name, file.text.toString());
  };
  return (
    <MenuPop
      label={words.more}
      placement="bottom end"
      renderButton={(trigger) => (
        <IconButton name={words.more} isDisabled={shown === undefined} {...trigger}>
          <MoreIcon />
        </IconButton>
      )}
      entries={[
        { id: "mark", name: words.mark },
        { id: "link", name: words.copyLink },
        { id: "copy", name: words.copyFile },
        { id: "file", name: words.download },
        { id: "zip", name: words.downloadAll },
      ]}
      onAction={act}
    />
  );
}
