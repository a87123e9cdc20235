import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { PlusIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { FollowFrame } from "../people/rights-bar";
import { FileTabs } from "../files/file-tabs";
import { editingOf } from "./modes";
import { SampleOffer } from "./sample-offer";

const RecoveredTexts = lazy(async () => ({ default: (await import("../status/recovered")).RecoveredTexts }));
const EditorSettings = lazy(() => import("./settings-dialog").then((m) => ({ default: m.EditorSettings })));

/** The side of the page where people type: the files' tabs, and the text of one of them. */
export function EditorPane(): ReactNode {
  const session = useSession();
  const file = useStore(session.file);
  const settings = useStore(session.editor.settingsShown);
  const files = useRoom((view) => view.files);
  const loading = useRoom((view) => view.status === "loading");
  const language = useRoom((view) => view.language);
  const recovered = useRoom((view) => view.recovered.length > 0);
  const { editor: words, files: said } = useWords();
  const { list } = useStore(catalogue);
  const name = files.find(({ id }) => id === file)?.name;
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (place.current === null) return;
    return session.editor.mount(place.current);
  }, [session]);
  const started = useRef(false);
  useEffect(() => {
    if (file === undefined) session.editor.leave();
    if (file !== undefined && name !== undefined) session.editor.show(file, name, editingOf(name, list, language));
    // Whoever opens a room wants to type; on a touch screen that would bring the keyboard up over everything.
    if (name !== undefined && !started.current) {
      started.current = true;
      if (matchMedia("(pointer: fine)").matches && document.activeElement === document.body) session.editor.focus();
    }
  }, [session, file, name, list, language]);

  return (
    <section className="editor-pane" aria-label={words.label}>
      <FileTabs />
      {recovered ? (
        <Suspense fallback={null}>
          <RecoveredTexts />
        </Suspense>
      ) : null}
      {settings ? (
        <Suspense fallback={null}>
          <EditorSettings onClose={() => session.editor.settingsShown.set(false)} />
        </Suspense>
      ) : null}
      <div className="editor-place">
        <div
          className="editor"
          id="editor-panel"
          role={name === undefined ? undefined : "tabpanel"}
          aria-label={name === undefined ? undefined : words.fileOf(name)}
          ref={place}
          hidden={name === undefined}
        />
        <FollowFrame />
        {file === undefined || name === undefined || loading ? null : <SampleOffer file={file} />}
      </div>
      {name === undefined && loading ? <Skeleton /> : null}
      {name === undefined && !loading && files.length === 0 ? (
        <div className="no-files">
          <p>{words.noFiles}</p>
          <Button onPress={() => session.files.create("main.txt")}>
            <PlusIcon size={14} /> {words.newFile}
          </Button>
        </div>
      ) : null}
      {name === undefined && files.length > 0 ? (
        <div className="no-files">
          <p>{said.none}</p>
          <Button onPress={() => session.layout.showSide("files")}>{said.showFiles}</Button>
        </div>
      ) : null}
    </section>
  );
}

function Skeleton(): ReactNode {
  const words = useWords().editor;
  return (
    <output className="skeleton" aria-label={words.loading}>
      {[38, 62, 54, 0, 46, 70, 30].map((width, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- they never change
        <span key={i} style={{ width: `${width}%` }} />
      ))}
    </output>
  );
}
