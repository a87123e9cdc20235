/* oxlint-disable import/no-unassigned-import -- styles */
import { lazy, Suspense, useState, type ReactNode } from "react";
import { recall, remember } from "../../lib/storage";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/button";
import { ReloadIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { kindOf, targetOf } from "./kinds";
import "./preview.css";

const MarkdownView = lazy(async () => ({ default: (await import("./markdown/markdown-view")).MarkdownView }));
const HtmlView = lazy(async () => ({ default: (await import("./html/html-view")).HtmlView }));

/** How a file of the room looks, beside its text. */
export function PreviewPanel(): ReactNode {
  const session = useSession();
  const { preview: words } = useWords();
  const files = useRoom((view) => view.files);
  const shown = useStore(session.file);
  const [before, setBefore] = useState<string>();
  const [live, setLive] = useState(() => recall("preview-live") !== "no");
  const [wanted, setWanted] = useState(0);
  const target = targetOf(files, shown, before);
  if (target !== undefined && target.id !== before) setBefore(target.id);
  const kind = target === undefined ? undefined : kindOf(target.name);

  if (target === undefined) {
    return (
      <section className="preview" aria-label={words.title}>
        <div className="preview-none">
          <p>{words.none}</p>
          <p className="faint">{words.noneHint}</p>
        </div>
      </section>
    );
  }
  return (
    <section className="preview" aria-label={words.title}>
      <header className="pane-bar">
        <p className="preview-name">{target.name}</p>
        {kind === "html" ? (
          <div className="pane-actions">
            <label className="preview-live">
              <input
                type="checkbox"
                checked={live}
                onChange={(event) => {
                  setLive(event.target.checked);
                  remember("preview-live", event.target.checked ? "yes" : "no");
                }}
              />
              {words.live}
            </label>
            <IconButton small name={words.reload} onPress={() => setWanted((n) => n + 1)}>
              <ReloadIcon />
            </IconButton>
          </div>
        ) : null}
      </header>
      <Suspense fallback={<div className="view-loading" aria-busy="true" />}>
        {kind === "html" ? <HtmlView key={target.id} name={target.name} live={live} wanted={wanted} /> : <MarkdownView key={target.id} file={target.id} name={target.name} />}
      </Suspense>
    </section>
  );
}
