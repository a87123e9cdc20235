import type { Command } from "../commands/command";
import type { RoomSession } from "../session";

function ask(what: "rename" | "delete"): (session: RoomSession) => void {
  return ({ files }) => {
    const path = files.name();
    if (path !== undefined) files.question.set({ what, path });
  };
}

const mayEdit = ({ client }: RoomSession): boolean => client.view().refusal === undefined;
const hasFile = ({ files }: RoomSession): boolean => files.name() !== undefined;

const changesFile = (session: RoomSession): boolean => hasFile(session) && mayEdit(session);

/** What can be done with files. */
export const fileCommands: readonly Command[] = [
  {
    id: "files.search",
    group: "files",
    title: (w) => w.files.commands.search,
    keys: "Mod+Shift+F",
    run: ({ layout, files }) => {
      layout.showSide("search");
      files.searches.update((n) => n + 1);
    },
  },
  { id: "files.new", group: "files", title: (w) => w.files.commands.newFile, when: mayEdit, run: ({ files }) => files.question.set({ what: "create", in: "" }) },
  { id: "files.folder", group: "files", title: (w) => w.files.commands.newFolder, when: mayEdit, run: ({ files }) => files.question.set({ what: "folder", in: "" }) },
  // Tabs and the tree have these keys for what has the focus there.
  { id: "files.rename", group: "files", title: (w) => w.files.commands.rename, keys: "F2", elsewhere: true, when: changesFile, run: ask("rename") },
  { id: "files.delete", group: "files", title: (w) => w.files.commands.remove, when: changesFile, run: ask("delete") },
  { id: "files.close", group: "files", title: (w) => w.files.commands.close, keys: "Delete", elsewhere: true, when: hasFile, run: ({ files }) => files.tabs.close(files.shown.get() ?? "") },
  { id: "files.next", group: "files", title: (w) => w.files.commands.next, keys: "Alt+PageDown", run: ({ files }) => files.tabs.step(1) },
  { id: "files.previous", group: "files", title: (w) => w.files.commands.previous, keys: "Alt+PageUp", run: ({ files }) => files.tabs.step(-1) },
  { id: "files.upload", group: "files", title: (w) => w.files.commands.uploadFiles, when: mayEdit, run: ({ files }) => files.choose("files") },
  { id: "files.upload-folder", group: "files", title: (w) => w.files.commands.uploadFolder, when: mayEdit, run: ({ files }) => files.choose("folder") },
  { id: "files.download", group: "files", title: (w) => w.files.commands.download, when: hasFile, run: ({ files }) => files.download(files.shown.get()) },
  { id: "files.zip", group: "files", title: (w) => w.files.commands.downloadAll, run: ({ files }) => files.downloadAll() },
];
