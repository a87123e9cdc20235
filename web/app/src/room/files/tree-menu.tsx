import { useRef, type ReactNode } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { ArrowIcon, DownloadIcon, FolderIcon, PenIcon, PlusIcon, TrashIcon, UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useSession } from "../context";
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
  const trigger = useRef(anchor);
  const isFolder = path.endsWith("/");
  const folder = isFolder ? path : folderOf(path);
  const act = (what: unknown): void => {
    onClose();
    if (what === "open") onOpen();
    else if (what === "rename" || what === "delete") files.question.set({ what, path });
    else if (what === "create" || what === "folder") files.question.set({ what, in: folder });
    else if (what === "upload") files.choose("files", folder);
    else if (isFolder) files.downloadAll(path);
    else files.download(files.client.view().files.find(({ name }) => name === path)?.id);
  };
  return (
    <Popover className="popover" triggerRef={trigger} isOpen placement="bottom start" crossOffset={20} onOpenChange={(open) => open || onClose()}>
      <Menu className="menu" aria-label={words.actionsFor(isFolder ? path.slice(0, -1) : path)} autoFocus="first" onAction={act}>
        {isFolder ? null : (
          <MenuItem id="open" className="item" textValue={words.open}>
            <ArrowIcon /> {words.open} <span className="end">Enter</span>
          </MenuItem>
        )}
        <MenuItem id="create" className="item" textValue={words.newFile}>
          <PlusIcon /> {words.newFile}
        </MenuItem>
        <MenuItem id="folder" className="item" textValue={words.newFolder}>
          <FolderIcon /> {words.newFolder}
        </MenuItem>
        <MenuItem id="upload" className="item" textValue={words.uploadFiles}>
          <UpIcon /> {words.uploadFiles}
        </MenuItem>
        <MenuItem id="download" className="item" textValue={words.download}>
          <DownloadIcon /> {words.download}
        </MenuItem>
        <MenuItem id="rename" className="item" textValue={words.rename}>
          <PenIcon /> {words.rename} <span className="end">F2</span>
        </MenuItem>
        <MenuItem id="delete" className="item danger" textValue={words.remove}>
          <TrashIcon /> {words.remove} <span className="end">Del</span>
        </MenuItem>
      </Menu>
    </Popover>
  );
}
