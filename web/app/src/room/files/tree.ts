import { baseName } from "./paths";

type Named = { readonly id: string; readonly name: string };

/** A folder; it is there because files are in it. */
export type Folder = { readonly kind: "folder"; readonly path: string; readonly name: string; readonly children: readonly Node[] };

/** A file in the tree. Its path is its name. */
export type Leaf = { readonly kind: "file"; readonly path: string; readonly name: string; readonly id: string };

export type Node = Folder | Leaf;

/** A line of the tree as it is shown, with what a screen reader says of its place. */
export type Row = { readonly node: Node; readonly level: number; readonly at: number; readonly of: number; readonly open?: boolean };

/** Numbers in names count as numbers: file2 comes before file10. */
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The tree of a room's files: folders first, each in the order of names. */
export function treeOf(files: readonly Named[]): readonly Node[] {
  return level(files, "");
}

function level(files: readonly Named[], path: string): readonly Node[] {
  const inside = new Map<string, Named[]>();
  const leaves: Leaf[] = [];
  for (const file of files) {
    const slash = file.name.indexOf("/", path.length);
    if (slash < 0) {
      leaves.push({ kind: "file", path: file.name, name: baseName(file.name), id: file.id });
      continue;
    }
    const folder = file.name.slice(0, slash + 1);
    const list = inside.get(folder);
    if (list === undefined) inside.set(folder, [file]);
    else list.push(file);
  }
  const folders = [...inside].map(
    ([folder, list]): Folder => ({ kind: "folder", path: folder, name: folder.slice(path.length, -1), children: level(list, folder) }),
  );
  return [...folders.sort(byName), ...leaves.sort(byName)];
}

function byName(a: Node, b: Node): number {
  return order.compare(a.name, b.name) || (a.path < b.path ? -1 : 1);
}

/** The lines that are to be seen; what is in closed folders is not. */
export function rowsOf(nodes: readonly Node[], closed: ReadonlySet<string>, depth = 1): readonly Row[] {
  return nodes.flatMap((node, i): readonly Row[] => {
    const place = { node, level: depth, at: i + 1, of: nodes.length };
    if (node.kind === "file") return [place];
    const open = !closed.has(node.path);
    return [{ ...place, open }, ...(open ? rowsOf(node.children, closed, depth + 1) : [])];
  });
}

/** The folders around a path, the outermost first. */
export function foldersAround(path: string): readonly string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)).filter((folder) => folder !== path);
}

/** The line that a few typed letters go to: the next after one that begins with them, from the start again at the end. */
export function typedTo(rows: readonly Row[], from: number, typed: string): number | undefined {
  const wanted = typed.toLowerCase();
  // One letter goes on to the next line; more letters may stay where they are.
  const first = typed.length === 1 ? from + 1 : from;
  for (let i = 0; i < rows.length; i++) {
    const at = (first + i) % rows.length;
    if (rows[at]?.node.name.toLowerCase().startsWith(wanted) === true) return at;
  }
  return undefined;
}
