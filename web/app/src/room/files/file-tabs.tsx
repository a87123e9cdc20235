import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { MoreIcon, PenIcon, PlusIcon, TrashIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { useRoom, useSession } from "../context";
import { FormatButton } from "./format-button";
import { NameField } from "./name-field";
import { freeName } from "./names";

/** What the strip is doing besides showing tabs. */
type Doing = { readonly what: "rename" | "delete"; readonly file: string } | { readonly what: "create" } | undefined;

/** The files of the room in a strip of tabs, with everything that can be done to them. */
export function FileTabs(): ReactNode {
  const session = useSession();
  const files = useRoom((view) => view.files);
  const peers = useRoom((view) => view.peers);
  const shown = useStore(session.file);
  const [doing, setDoing] = useState<Doing>();
  const strip = useRef<HTMLDivElement>(null);
  const current = files.find(({ id }) => id === shown);
  const subject = doing !== undefined && doing.what !== "create" ? files.find(({ id }) => id === doing.file) : undefined;
  const names = files.map(({ name }) => name);

  const many = files.length;
  useEffect(() => {
    if (shown === undefined || many === 0) return;
    strip.current?.querySelector(`[data-file="${shown}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown, many]);

  const focusTab = (id: string | undefined): void => {
    if (id !== undefined) strip.current?.querySelector<HTMLElement>(`[data-file="${id}"]`)?.focus();
  };
  const done = (): void => {
    setDoing(undefined);
    requestAnimationFrame(() => focusTab(session.file.get()));
  };
  const key = (event: KeyboardEvent, id: string): void => {
    const at = files.findIndex((f) => f.id === id);
    const to =
      event.key === "ArrowLeft" ? (at + files.length - 1) % files.length
      : event.key === "ArrowRight" ? (at + 1) % files.length
      : event.key === "Home" ? 0
      : event.key === "End" ? files.length - 1
      : undefined;
    const next = to === undefined ? undefined : files[to];
    if (next !== undefined) {
      session.show(next.id);
      focusTab(next.id);
    } else if (event.key === "F2") setDoing({ what: "rename", file: id });
    else if (event.key === "Delete") setDoing({ what: "delete", file: id });
    else return;
    event.preventDefault();
  };

  return (
    <div className="pane-bar tabs-bar">
      <div className="tabs" ref={strip} role="tablist" aria-label="Files">
        {files.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            role="tab"
            className="tab"
            data-file={id}
            aria-selected={id === shown}
            aria-controls={id === shown ? "editor-panel" : undefined}
            tabIndex={id === shown ? 0 : -1}
            title="Double click or F2 to rename"
            onClick={() => session.show(id)}
            onDoubleClick={() => setDoing({ what: "rename", file: id })}
            onContextMenu={(event: MouseEvent) => {
              event.preventDefault();
              session.show(id);
              setDoing({ what: "rename", file: id });
            }}
            onKeyDown={(event) => key(event, id)}
          >
            {name}
            <span className="tab-people" aria-hidden="true">
              {peers
                .filter((p) => !p.me && !p.away && p.file === id)
                .slice(0, 4)
                .map((p) => (
                  <i key={p.session} className={`p${p.color}`} />
                ))}
            </span>
          </button>
        ))}
      </div>
      <IconButton small name="New file" onPress={() => setDoing({ what: "create" })}>
        <PlusIcon />
      </IconButton>
      {current === undefined ? null : (
        <MenuPop
          label={`Actions for ${current.name}`}
          placement="bottom start"
          renderButton={(trigger) => (
            <IconButton small name={`Actions for ${current.name}`} {...trigger}>
              <MoreIcon />
            </IconButton>
          )}
          entries={[
            { id: "rename", name: "Rename", icon: <PenIcon />, end: "F2" },
            { id: "delete", name: "Delete", icon: <TrashIcon />, end: "Delete", danger: true },
          ]}
          onAction={(what) => setDoing({ what: what === "delete" ? "delete" : "rename", file: current.id })}
        />
      )}
      {current === undefined ? null : <FormatButton file={current.id} name={current.name} />}
      {doing?.what === "create" ? (
        <NameField
          title="New file"
          action="Create"
          value={freeName(names, current?.name)}
          taken={names}
          onCancel={done}
          onDone={(name) => {
            setDoing(undefined);
            session.create(name);
          }}
        />
      ) : null}
      {doing?.what === "rename" && subject !== undefined ? (
        <NameField
          title={`Rename ${subject.name}`}
          action="Rename"
          value={subject.name}
          taken={names.filter((name) => name !== subject.name)}
          onCancel={done}
          onDone={(name) => {
            if (name !== subject.name) session.client.renameFile(subject.id, name);
            done();
          }}
        />
      ) : null}
      {doing?.what === "delete" && subject !== undefined ? (
        <Dialog alert title={`Delete ${subject.name}?`} onClose={done}>
          <p>It disappears for everyone in this room.</p>
          <div className="dialog-actions">
            <Button onPress={done}>Cancel</Button>
            <Button
              look="stop"
              onPress={() => {
                session.client.deleteFile(subject.id);
                done();
              }}
            >
              Delete
            </Button>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
