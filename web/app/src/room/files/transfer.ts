import { defaultLimits, groupBytes, type RoomClient } from "@codecollab/client";
import { ChangeSet, Text } from "@codemirror/state";
import { bytes, roomTitle } from "../../lib/format";
import { words } from "../../words";
import type { Dropped, Files } from "./files";
import { leftOut, piecesOf, readText } from "./intake";
import { nameProblem } from "./names";
import { baseName, isIn } from "./paths";
import { zipOf } from "./zip";

/** What is said of one upload at most, so that a folder of pictures does not fill the screen. */
const mostProblems = 3;

/** How long the page may stand still while it packs, in milliseconds. */
const frame = 10;

/** Adds a file however large it is, in as many messages as that takes, and gives its id. */
export function add(client: RoomClient, name: string, text: string): string {
  const limits = client.view().limits ?? defaultLimits;
  const [first = "", ...others] = piecesOf(text, groupBytes(limits) * 0.9);
  const file = client.createFile(name, first);
  let { length } = first;
  for (const piece of others) {
    client.edit(file, ChangeSet.of({ from: length, insert: Text.of(piece.split("\n")) }, length));
    length += piece.length;
  }
  return file;
}

/** Adds files of this computer below a folder of the room. What cannot be added is told, with the reason. */
export async function upload(files: Files, dropped: Dropped, folder: string): Promise<void> {
  const said = words.get().files.upload;
  const { refusal } = files.client.view();
  if (refusal !== undefined) {
    const { lock } = words.get().people;
    files.notes.error(refusal === "locked" ? lock.locked : lock.viewer);
    return;
  }
  const found = await filesIn(dropped);
  const skipped = new Set<string>();
  const wanted = found.filter(({ path }) => {
    const part = leftOut(path);
    if (part !== undefined) skipped.add(part);
    return part === undefined;
  });
  const problems: string[] = [];
  let added = 0;
  let first: string | undefined;
  const room = (files.client.view().limits ?? defaultLimits).files;
  if (wanted.length === 0 && skipped.size === 0) problems.push(said.nothing);
  else if (files.client.view().files.length + wanted.length > room) problems.push(said.many(wanted.length, room));
  else {
    for (const { path, file } of wanted) {
      const id = await uploadOne(files.client, folder + path, file);
      if ("problem" in id) problems.push(id.problem);
      else {
        added++;
        first ??= id.added;
      }
    }
  }
  if (first !== undefined) files.shown.set(first);
  if (added > 0) files.notes.info(said.added(added));
  if (skipped.size > 0) files.notes.info(said.skipped([...skipped].join(", ")));
  for (const problem of problems.slice(0, mostProblems - 1)) files.notes.error(problem);
  const more = problems.length - (mostProblems - 1);
  if (more === 1) files.notes.error(problems.at(-1) ?? "");
  else if (more > 1) files.notes.error(said.andMore(more));
}

async function uploadOne(client: RoomClient, name: string, file: File): Promise<{ added: string } | { problem: string }> {
  const said = words.get().files.upload;
  const most = (client.view().limits ?? defaultLimits).file_units;
  const why = nameProblem(name, []);
  if (why !== undefined) return { problem: said.name(name, why) };
  // No character takes more than three bytes for each of its units: what is larger need not be read.
  if (file.size > most * 3 + 3) return { problem: said.large(name, bytes(file.size), most) };
  let content: Uint8Array;
  try {
    content = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { problem: said.unreadable(name) };
  }
  const intake = readText(content);
  if ("refused" in intake) return { problem: said.binary(name) };
  if (intake.text.length > most) return { problem: said.large(name, bytes(file.size), most) };
  return { added: add(client, name, intake.text) };
}

type Found = { readonly path: string; readonly file: File };

/** The files that were given, and those in folders, with their paths below what was given. */
async function filesIn(dropped: Dropped): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const item of dropped) {
    if (item instanceof File) found.push({ path: item.webkitRelativePath === "" ? item.name : item.webkitRelativePath, file: item });
    else await walk(item, "", found);
  }
  return found;
}

async function walk(entry: FileSystemEntry, folder: string, found: Found[]): Promise<void> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path, file });
    return;
  }
  // A folder that is left out is not looked into: it may hold a hundred thousand files.
  if (leftOut(`${path}/x`) !== undefined) {
    found.push({ path: `${path}/`, file: new File([], entry.name) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const one of batch) await walk(one, `${path}/`, found);
  }
}

/** Saves one file on this computer, with the line ends that it has. */
export function downloadFile(client: RoomClient, id: string | undefined): void {
  const name = client.view().files.find((file) => file.id === id)?.name;
  if (id === undefined || name === undefined) return;
  save(new Blob([client.text(id).toString()], { type: "application/octet-stream" }), baseName(name));
}

/** Saves the files below a folder as one zip file, made of the texts that this browser has. */
export async function downloadAll(client: RoomClient, folder: string): Promise<void> {
  const { files, room } = client.view();
  const texts = files
    .filter(({ name }) => isIn(name, folder))
    .map(({ id, name }) => ({ name: name.slice(folder.length), text: client.text(id).toString() }));
  const blob = await zipOf(texts, pacer());
  save(blob, `${folder === "" ? roomTitle(room).words : baseName(folder).slice(0, -1)}.zip`);
}

/** Lets the page breathe when it has stood still for long enough. */
function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < frame) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    since = performance.now();
  };
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
