import { useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { ChevronIcon, FileIcon, FolderIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { folderOf, canMove } from "./paths";
import { foldersAround, rowsOf, treeOf, typedTo, type Row } from "./tree";
import { TreeMenu } from "./tree-menu";

/** What is dragged inside of the tree: the path. */
const pathType = "application/x-codecollab-path";

/** Letters that follow each other within so many milliseconds belong to one word. */
const typingPause = 700;

/** The files of the room as a tree (WAI-ARIA's pattern): one line has the focus, arrows go on, letters find names. */
export function FileTree(): ReactNode {
  const session = useSession();
  const { files } = session;
  const words = useWords().files;
  const all = useRoom((view) => view.files);
  const shown = useStore(files.shown);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const [menu, setMenu] = useState<{ readonly path: string; readonly anchor: Element }>();
  const [over, setOver] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const dragged = useRef<string>(undefined);
  const typed = useRef({ text: "", at: 0 });
  const rows = useMemo(() => rowsOf(treeOf(all), closed), [all, closed]);
  const shownPath = all.find(({ id }) => id === shown)?.name;

  // Whatever comes to be shown can be seen in the tree.
  const [revealed, setRevealed] = useState<string>();
  if (shownPath !== revealed) {
    setRevealed(shownPath);
    if (shownPath !== undefined) {
      const around = foldersAround(shownPath);
      setClosed(new Set([...closed].filter((folder) => !around.includes(folder))));
      setCurrent(shownPath);
    }
  }
  useEffect(() => {
    if (current !== undefined) list.current?.querySelector(`[data-path="${CSS.escape(current)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const at = Math.max(0, rows.findIndex(({ node }) => node.path === current));
  const focus = (index: number | undefined): void => {
    const row = index === undefined ? undefined : rows[index];
    if (row === undefined) return;
    setCurrent(row.node.path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.node.path)}"]`)?.focus();
  };
  const toggle = (path: string): void => setClosed((before) => (before.has(path) ? new Set([...before].filter((p) => p !== path)) : new Set([...before, path])));
  const open = ({ node }: Row): void => {
    if (node.kind === "folder") toggle(node.path);
    else session.show(node.id);
  };
  const type = (letter: string): void => {
    const now = Date.now();
    const text = now - typed.current.at < typingPause ? typed.current.text + letter : letter;
    typed.current = { text, at: now };
    focus(typedTo(rows, at, text));
  };
  const key = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!treeKey(event, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const treeKey = (event: KeyboardEvent, row: Row): boolean => {
    const { node } = row;
    switch (event.key) {
      case "ArrowDown":
        focus(Math.min(rows.length - 1, at + 1));
        return true;
      case "ArrowUp":
        focus(Math.max(0, at - 1));
        return true;
      case "Home":
        focus(0);
        return true;
      case "End":
        focus(rows.length - 1);
        return true;
      case "ArrowRight":
        if (row.open === false) toggle(node.path);
        else if (row.open === true) focus(at + 1);
        return true;
      case "ArrowLeft":
        if (row.open === true) toggle(node.path);
        else focus(rows.findIndex((r) => r.node.path === folderOf(node.path)));
        return true;
      case "Enter":
      case " ":
        open(row);
        return true;
      case "F2":
        files.question.set({ what: "rename", path: node.path });
        return true;
      case "Delete":
        files.question.set({ what: "delete", path: node.path });
        return true;
      case "ContextMenu":
        setMenu({ path: node.path, anchor: event.target as Element });
        return true;
      case "F10":
        if (event.shiftKey) setMenu({ path: node.path, anchor: event.target as Element });
        return event.shiftKey;
      default:
        if ([...event.key].length !== 1) return false;
        type(event.key);
        return true;
    }
  };

  /** The folder that something dropped on a line goes into. */
  const target = ({ node }: Row): string => (node.kind === "folder" ? node.path : folderOf(node.path));
  const dragOver = (event: DragEvent, folder: string): void => {
    event.stopPropagation();
    const inside = event.dataTransfer.types.includes(pathType);
    const fits = inside ? dragged.current !== undefined && canMove(dragged.current, folder) : event.dataTransfer.types.includes("Files");
    setOver(fits ? folder : undefined);
    if (inside && fits) event.preventDefault();
  };
  const drop = (event: DragEvent, folder: string): void => {
    setOver(undefined);
    const path = event.dataTransfer.getData(pathType);
    if (path === "") return;
    event.stopPropagation();
    event.preventDefault();
    files.moveInto(path, folder);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its lines have the focus
    <div
      className="tree"
      role="tree"
      aria-label={words.tree}
      ref={list}
      data-over={over === "" || undefined}
      onKeyDown={key}
      onDragOver={(event) => dragOver(event, "")}
      onDragLeave={() => setOver(undefined)}
      onDrop={(event) => drop(event, "")}
    >
      {rows.map((row, i) => (
        <TreeLine
          key={row.node.path}
          row={row}
          current={i === at}
          shown={row.node.kind === "file" && row.node.id === shown}
          over={over !== undefined && over !== "" && row.node.path.startsWith(over)}
          onPress={() => {
            setCurrent(row.node.path);
            open(row);
          }}
          onMenu={(anchor) => {
            focus(i);
            setMenu({ path: row.node.path, anchor });
          }}
          onDragStart={(event) => {
            dragged.current = row.node.path;
            event.dataTransfer.setData(pathType, row.node.path);
            event.dataTransfer.effectAllowed = "move";
          }}
          onDragOver={(event) => dragOver(event, target(row))}
          onDrop={(event) => drop(event, target(row))}
          dropFolder={target(row)}
        />
      ))}
      {menu === undefined ? null : (
        <TreeMenu
          path={menu.path}
          anchor={menu.anchor}
          onOpen={() => {
            const row = rows.find(({ node }) => node.path === menu.path);
            if (row !== undefined) open(row);
          }}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  );
}

type LineProps = {
  readonly row: Row;
  readonly current: boolean;
  readonly shown: boolean;
  readonly over: boolean;
  readonly dropFolder: string;
  readonly onPress: () => void;
  readonly onMenu: (line: Element) => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
};

function TreeLine({ row, current, shown, over, dropFolder, onPress, onMenu, onDragStart, onDragOver, onDrop }: LineProps): ReactNode {
  const { node, level, at, of, open } = row;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree has the keys
    <div
      className="tree-line"
      role="treeitem"
      tabIndex={current ? 0 : -1}
      aria-level={level}
      aria-posinset={at}
      aria-setsize={of}
      aria-expanded={open}
      aria-selected={shown}
      data-path={node.path}
      data-over={over || undefined}
      data-drop-folder={dropFolder}
      title={node.path}
      style={{ "--level": level } as React.CSSProperties}
      draggable
      onClick={onPress}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.currentTarget);
      }}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDrop={onDrop}
    >
      <span className="tree-chevron" aria-hidden="true">
        {open === undefined ? null : <ChevronIcon size={12} />}
      </span>
      {node.kind === "folder" ? <FolderIcon size={15} /> : <FileIcon size={15} />}
      <span className="tree-name">{node.name}</span>
      {node.kind === "file" ? <Here file={node.id} /> : null}
    </div>
  );
}

/** Dots in the colours of those who are in a file; their names for screen readers. */
function Here({ file }: { readonly file: string }): ReactNode {
  const words = useWords().files;
  const peers = useStore(useSession().peers);
  const here = peers.filter((peer) => !peer.me && !peer.away && peer.file === file);
  if (here.length === 0) return null;
  return (
    <>
      <span className="tab-people" aria-hidden="true">
        {here.slice(0, 4).map((peer) => (
          <i key={peer.session} className={`p${peer.color}`} />
        ))}
      </span>
      <span className="hidden">{words.here(here.map(({ name }) => name).join(", "))}</span>
    </>
  );
}
