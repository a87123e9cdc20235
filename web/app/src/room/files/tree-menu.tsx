import { useRef, type ReactNode } from "react";
import { FloatingMenu, type MenuEntry } from "../../ui/floating";
import { ArrowIcon, DownloadIcon, FolderIcon, PenIcon, PlusIcon, TrashIcon, UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { folderOf } from "./paths";

type Props = {
  readonly path: string;
  /** The line that the menu hangs at. */
  readonly anchor: Element | null;
  readonly onOpen: () => void;
  readonly onClose: () => void;
};

/** What can be done with a file or a folder of the tree. */
export function TreeMenu({ path, anchor, onOpen, onClose }: Props): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const may = useRoom((view) => view.refusal === undefined);
  const line = useRef(anchor);
  const isFolder = path.endsWith("/");
  const folder = isFolder ? path : folderOf(path);
  const act = (what: string): void => {
    onClose();
    if (what === "open") onOpen();
    else if (what === "rename" || what === "delete") files.question.set({ what, path });
    else if (what === "create" || what === "folder") files.question.set({ what, in: folder });
    else if (what === "upload") files.choose("files", folder);
    else if (isFolder) files.downloadAll(path);
    else files.download(files.client.view().files.find(({ name }) => name === path)?.id);
  };
  const open: MenuEntry = { id: "open", name: words.open, icon: <ArrowIcon />, end: "Enter" };
  const makes: MenuEntry[] = [
    { id: "create", name: words.newFile, icon: <PlusIcon /> },
    { id: "folder", name: words.newFolder, icon: <FolderIcon /> },
    { id: "upload", name: words.uploadFiles, icon: <UpIcon /> },
  ];
  const changes: MenuEntry[] = [
    { id: "rename", name: words.rename, icon: <PenIcon />, end: "F2" },
    { id: "delete", name: words.remove, icon: <TrashIcon />, end: "Del", danger: true },
  ];
  return (
    <FloatingMenu
      triggerRef={line}
      isOpen
      placement="bottom"
      label={words.actionsFor(isFolder ? path.slice(0, -1) : path)}
      entries={[
        ...(isFolder ? [] : [open]),
        ...(may ? makes : []),
        { id: "download", name: words.download, icon: <DownloadIcon /> },
        ...(may ? changes : []),
      ]}
      onAction={act}
      onOpenChange={(isOpen) => isOpen || onClose()}
    />
  );
}
