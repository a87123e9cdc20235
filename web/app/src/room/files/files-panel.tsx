/* oxlint-disable import/no-unassigned-import -- styles of what is loaded with them */
import { useEffect, type ReactNode } from "react";
import { IconButton } from "../../ui/button";
import { DownloadIcon, FileIcon, FolderIcon, MoreIcon, PlusIcon, UpIcon } from "../../ui/icons";
import { MenuPop } from "../../ui/pop";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { FileTree } from "./file-tree";
import "./files-panel.css";

/** The sidebar's view of the room's files. */
export function FilesPanel(): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const none = useRoom((view) => view.files.length === 0 && view.status === "ready");
  const act = (what: string): void => {
    if (what === "folder") files.question.set({ what, in: "" });
    else if (what === "download") files.downloadAll();
    else files.choose(what === "upload-folder" ? "folder" : "files");
  };
  const may = useRoom((view) => view.refusal === undefined);
  useEffect(() => files.prepare(), [files]);
  return (
    <section className="files-panel" aria-label={words.title} data-drop-folder="">
      <header className="side-bar">
        <h2>{words.title}</h2>
        {may ? (
          <IconButton small name={words.newFile} onPress={() => files.question.set({ what: "create", in: "" })}>
            <PlusIcon />
          </IconButton>
        ) : null}
        <MenuPop
          label={words.more}
          renderButton={(trigger) => (
            <IconButton small name={words.more} {...trigger}>
              <MoreIcon />
            </IconButton>
          )}
          entries={[
            ...(may
              ? [
                  { id: "folder", name: words.newFolder, icon: <FolderIcon /> },
                  { id: "upload", name: words.uploadFiles, icon: <UpIcon /> },
                  { id: "upload-folder", name: words.uploadFolder, icon: <UpIcon /> },
                ]
              : []),
            { id: "download", name: words.downloadAll, icon: <DownloadIcon /> },
          ]}
          onAction={act}
        />
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
