import { lazy, Suspense, useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/button";
import { CloseIcon, DownloadIcon, MoreIcon, PenIcon, PlusIcon, TrashIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { FormatButton } from "./format-button";
import { labelsOf } from "./labels";
import { useFileDrop } from "./use-file-drop";

const FileQuestion = lazy(() => import("./file-question").then((m) => ({ default: m.FileQuestion })));

/** The strip of tabs: the files that are open here. All of them are in the sidebar. */
export function FileTabs(): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const shown = useStore(files.shown);
  const question = useStore(files.question);
  const name = useRoom((view) => view.files.find(({ id }) => id === shown)?.name);
  const dropping = useFileDrop(files);
  const may = useRoom((view) => view.refusal === undefined);
  return (
    <div className="pane-bar tabs-bar">
      <Tabs />
      {may ? (
        <IconButton small name={words.newFile} onPress={() => files.question.set({ what: "create", in: "" })}>
          <PlusIcon />
        </IconButton>
      ) : null}
      {shown === undefined || name === undefined ? null : (
        <>
          <TabMenu id={shown} name={name} />
          {may ? <FormatButton file={shown} name={name} /> : null}
        </>
      )}
      {question === undefined ? null : (
        <Suspense fallback={null}>
          <FileQuestion question={question} />
        </Suspense>
      )}
      {dropping ? <p className="drop-here">{words.dropHere}</p> : null}
    </div>
  );
}

/** What can be done with the shown file. */
function TabMenu({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const may = useRoom((view) => view.refusal === undefined);
  const act = (what: string): void => {
    if (what === "rename" || what === "delete") files.question.set({ what, path: name });
    else if (what === "download") files.download(id);
    else if (what === "close") files.tabs.close(id);
    else files.tabs.closeOthers(id);
  };
  return (
    <MenuPop
      label={words.actionsFor(name)}
      placement="bottom start"
      renderButton={(trigger) => (
        <IconButton small name={words.actionsFor(name)} {...trigger}>
          <MoreIcon />
        </IconButton>
      )}
      entries={[
        ...(may ? [{ id: "rename", name: words.rename, icon: <PenIcon />, end: "F2" }] : []),
        { id: "download", name: words.download, icon: <DownloadIcon /> },
        { id: "close", name: words.close, icon: <CloseIcon /> },
        { id: "others", name: words.closeOthers, icon: <CloseIcon /> },
        ...(may ? [{ id: "delete", name: words.remove, icon: <TrashIcon />, danger: true }] : []),
      ]}
      onAction={act}
    />
  );
}

function Tabs(): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const all = useRoom((view) => view.files);
  const peers = useStore(useSession().peers);
  const open = useStore(files.tabs.list);
  const shown = useStore(files.shown);
  const strip = useRef<HTMLDivElement>(null);
  const labels = labelsOf(all.filter(({ id }) => open.includes(id)));
  const tabs = open.map((id) => all.find((file) => file.id === id)).filter((file) => file !== undefined);

  const many = tabs.length;
  useEffect(() => {
    if (shown === undefined || many === 0) return;
    strip.current?.querySelector(`[data-file="${shown}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown, many]);

  const focus = (id: string | undefined): void => {
    if (id !== undefined) strip.current?.querySelector<HTMLElement>(`[data-file="${id}"] [role=tab]`)?.focus();
  };
  const key = (event: KeyboardEvent, id: string, name: string): void => {
    const at = tabs.findIndex((tab) => tab.id === id);
    const to =
      event.key === "ArrowLeft" ? (at + many - 1) % many
      : event.key === "ArrowRight" ? (at + 1) % many
      : event.key === "Home" ? 0
      : event.key === "End" ? many - 1
      : undefined;
    const next = to === undefined ? undefined : tabs[to];
    if (next !== undefined) {
      files.shown.set(next.id);
      focus(next.id);
    } else if (event.key === "F2") files.question.set({ what: "rename", path: name });
    else if (event.key === "Delete") {
      files.tabs.close(id);
      requestAnimationFrame(() => focus(files.shown.get()));
    } else return;
    event.preventDefault();
  };

  return (
    <div className="tabs" ref={strip} role="tablist" aria-label={words.tabs}>
      {tabs.map(({ id, name }) => (
        <div
          key={id}
          className="file-tab"
          role="presentation"
          data-file={id}
          draggable
          onDragStart={(event) => event.dataTransfer.setData(tabType, id)}
          onDragOver={(event) => {
            if (event.dataTransfer.types.includes(tabType)) event.preventDefault();
          }}
          onDrop={(event) => files.tabs.move(event.dataTransfer.getData(tabType), id)}
          // The middle button, as in a browser.
          onAuxClick={(event) => {
            if (event.button === 1) files.tabs.close(id);
          }}
        >
          <button
            type="button"
            role="tab"
            className="tab"
            aria-selected={id === shown}
            aria-controls={id === shown ? "editor-panel" : undefined}
            tabIndex={id === shown ? 0 : -1}
            title={`${name}\n${words.tabHint}`}
            onClick={() => files.shown.set(id)}
            onDoubleClick={() => files.question.set({ what: "rename", path: name })}
            onKeyDown={(event) => key(event, id, name)}
          >
            {labels.get(id)?.name}
            {labels.get(id)?.folder === undefined ? null : <span className="tab-folder">{labels.get(id)?.folder}</span>}
            <span className="tab-people" aria-hidden="true">
              {peers
                .filter((p) => !p.me && !p.away && p.file === id)
                .slice(0, 4)
                .map((p) => (
                  <i key={p.session} className={`p${p.color}`} />
                ))}
            </span>
          </button>
          {/* For the pointer: by keyboard, Delete closes a tab, and so does its menu. */}
          <button type="button" className="tab-close" tabIndex={-1} aria-hidden="true" title={words.closeTab(name)} onClick={() => files.tabs.close(id)}>
            <CloseIcon size={12} />
          </button>
        </div>
      ))}
    </div>
  );
}

const tabType = "application/x-codecollab-tab";
