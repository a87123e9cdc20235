/* oxlint-disable import/no-unassigned-import -- styles of what is loaded with them */
import { useEffect, type ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { IconButton } from "../../ui/button";
import { DownloadIcon, FileIcon, FolderIcon, MoreIcon, PlusIcon, UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { FileTree } from "./file-tree";
import "./files-panel.css";

/** The sidebar's view of the room's files. */
export function FilesPanel(): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const none = useRoom((view) => view.files.length === 0 && view.status === "ready");
  const act = (what: unknown): void => {
    if (what === "folder") files.question.set({ what, in: "" });
    else if (what === "download") files.downloadAll();
    else files.choose(what === "upload-folder" ? "folder" : "files");
  };
  useEffect(() => files.prepare(), [files]);
  return (
    <section className="files-panel" aria-label={words.title} data-drop-folder="">
      <header className="side-bar">
        <h2>{words.title}</h2>
        <IconButton small name={words.newFile} onPress={() => files.question.set({ what: "create", in: "" })}>
          <PlusIcon />
        </IconButton>
        <MenuTrigger>
          <IconButton small name={words.more}>
            <MoreIcon />
          </IconButton>
          <Popover className="popover" placement="bottom end">
            <Menu className="menu" aria-label={words.more} onAction={act}>
              <MenuItem id="folder" className="item" textValue={words.newFolder}>
                <FolderIcon /> {words.newFolder}
              </MenuItem>
              <MenuItem id="upload" className="item" textValue={words.uploadFiles}>
                <UpIcon /> {words.uploadFiles}
              </MenuItem>
              <MenuItem id="upload-folder" className="item" textValue={words.uploadFolder}>
                <UpIcon /> {words.uploadFolder}
              </MenuItem>
              <MenuItem id="download" className="item" textValue={words.downloadAll}>
                <DownloadIcon /> {words.downloadAll}
              </MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      </header>
      {none ? (
        <p className="side-empty">
          <FileIcon /> {words.empty}
        </p>
      ) : (
        <FileTree />
      )}
    </section>
  );
}
