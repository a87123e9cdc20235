import { useState, type ReactNode } from "react";
import { catalogue, knownSample, languageDetail, languageOf } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import type { Question } from "./files";
import { NameField } from "./name-field";
import { freeName } from "./names";
import { folderOf, isIn, moveFolder } from "./paths";

/** Asks what has to be known before something is done to files. */
export function FileQuestion({ question }: { readonly question: Question }): ReactNode {
  const refusal = useRoom((view) => view.refusal);
  if (refusal !== undefined) return <MayNot refusal={refusal} />;
  switch (question.what) {
    case "create":
    case "folder":
      return <Create inside={question.in} asFolder={question.what === "folder"} />;
    case "rename":
      return <Rename path={question.path} />;
    case "delete":
      return <Delete path={question.path} />;
  }
}

/** Says why nothing can be done to files. */
function MayNot({ refusal }: { readonly refusal: "view_only" | "locked" }): ReactNode {
  const { people, frame } = useWords();
  const done = useDone();
  return (
    <Dialog title={people.lock.viewOnly} onClose={done}>
      <p>{refusal === "locked" ? people.lock.locked : people.lock.viewer}</p>
      <div className="dialog-actions">
        <Button look="accent" onPress={done}>
          {frame.close}
        </Button>
      </div>
    </Dialog>
  );
}

/** Ends the question; the dialog gives the focus back to what had it before. */
function useDone(): () => void {
  const { files } = useSession();
  return () => files.question.set(undefined);
}

function Create({ inside, asFolder }: { readonly inside: string; readonly asFolder: boolean }): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const done = useDone();
  const names = useRoom((view) => view.files).map(({ name }) => name);
  const preferred = useRoom((view) => view.language);
  const { list } = useStore(catalogue);
  const [sample, setSample] = useState(false);
  const shown = files.name();
  const ending = freeName([], shown?.slice(folderOf(shown).length));
  const folder = asFolder ? `${inside}${words.folder.toLowerCase()}/` : inside;
  const beside = `${folder}${ending}`;
  const create = (name: string): void => {
    done();
    const language = sample ? languageOf(name, list, preferred) : undefined;
    if (language === undefined) files.create(name);
    // Without a connection the file is there all the same, and offers the sample while it is empty.
    else void languageDetail(language.id).then(
      (detail) => files.create(name, detail.sample),
      () => files.create(name, knownSample(language.id) ?? ""),
    );
  };
  return (
    <NameField
      title={asFolder ? words.newFolder : words.newFile}
      action={words.create}
      hint={asFolder ? words.folderHint : words.pathHint}
      value={freeName(names, beside)}
      select={asFolder ? { from: inside.length, to: folder.length - 1 } : undefined}
      taken={names}
      onCancel={done}
      onDone={create}
    >
      {(name) => {
        const language = languageOf(name, list, preferred);
        if (language === undefined) return null;
        return (
          <label className="check">
            <input type="checkbox" checked={sample} onChange={(event) => setSample(event.target.checked)} />
            {words.withSample(language.name)}
          </label>
        );
      }}
    </NameField>
  );
}

function Rename({ path }: { readonly path: string }): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const done = useDone();
  const all = useRoom((view) => view.files);
  const isFolder = path.endsWith("/");
  const others = all.filter(({ name }) => name !== path && !(isFolder && isIn(name, path))).map(({ name }) => name);
  const plain = isFolder ? path.slice(0, -1) : path;
  return (
    <NameField
      title={words.renameOf(plain)}
      action={words.renameAction}
      hint={words.pathHint}
      value={plain}
      taken={others}
      problem={(name) => (isFolder && isIn(`${name}/`, path) ? words.problems.intoItself : undefined)}
      onCancel={done}
      onDone={(name) => {
        done();
        if (isFolder) files.move(moveFolder(all, path, `${name}/`));
        else files.move(all.filter((file) => file.name === path && name !== path).map(({ id }) => ({ id, name })));
      }}
    />
  );
}

function Delete({ path }: { readonly path: string }): ReactNode {
  const { files } = useSession();
  const { files: words } = useWords();
  const done = useDone();
  const all = useRoom((view) => view.files);
  const isFolder = path.endsWith("/");
  const gone = all.filter(({ name }) => (isFolder ? isIn(name, path) : name === path));
  if (gone.length === 0) return null;
  return (
    <Dialog alert title={isFolder ? words.removeFolder(path.slice(0, -1), gone.length) : words.removeOf(path)} onClose={done}>
      <p>{words.removeHint}</p>
      <div className="dialog-actions">
        <Button onPress={done}>{words.cancel}</Button>
        <Button
          look="stop"
          autoFocus
          onPress={() => {
            done();
            files.remove(gone.map(({ id }) => id));
          }}
        >
          {words.remove}
        </Button>
      </div>
    </Dialog>
  );
}
