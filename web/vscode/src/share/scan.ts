import ignore, { type Ignore } from "ignore";

/** A file of a folder that may be shared. */
export type Candidate = { readonly path: string; readonly text: string; readonly bytes: number };

/** What stays here, and why. */
export type Left = { readonly path: string; readonly why: "large" | "binary" | "many" };

export type Scan = { readonly files: readonly Candidate[]; readonly left: readonly Left[]; readonly ignored: number };

export type Limits = { readonly fileBytes: number; readonly files: number };

/** How a folder is read. Paths are relative to it, with slashes. */
export interface Folder {
  list(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>;
  size(path: string): Promise<number>;
  read(path: string): Promise<Uint8Array>;
}

/** Never shared, whatever .gitignore says: settings of editors, other people's packages, and what is likely to be a secret. */
const always = [".git", ".hg", ".svn", "node_modules", ".vscode", ".idea", ".DS_Store", "*.code-workspace", ".env", ".env.*", "*.pem", "*.key", "id_rsa", "id_ed25519", ".npmrc", ".netrc"];

/** More entries than these are not looked at: a folder that was chosen by mistake is no day's work. */
const entriesMost = 20_000;

type Rules = readonly { readonly at: string; readonly rules: Ignore }[];

/** Finds what of a folder can be shared: text that no .gitignore leaves out and that is not too large. */
export async function scan(folder: Folder, limits: Limits): Promise<Scan> {
  const files: Candidate[] = [];
  const left: Left[] = [];
  let ignored = 0;
  let seen = 0;
  const visit = async (path: string, outer: Rules): Promise<void> => {
    const entries = (await folder.list(path)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const rules = entries.some(({ name }) => name === ".gitignore") ? [...outer, { at: path, rules: ignore().add(new TextDecoder().decode(await folder.read(joined(path, ".gitignore")))) }] : outer;
    for (const { name, isFolder } of entries) {
      const full = joined(path, name);
      if (++seen > entriesMost) return;
      if (isIgnored(rules, full, isFolder)) ignored++;
      else if (isFolder) await visit(full, rules);
      else await look(full);
    }
  };
  const look = async (path: string): Promise<void> => {
    if (files.length >= limits.files) {
      left.push({ path, why: "many" });
      return;
    }
    const bytes = await folder.size(path);
    if (bytes > limits.fileBytes) {
      left.push({ path, why: "large" });
      return;
    }
    const text = textOf(await folder.read(path));
    if (text === undefined) left.push({ path, why: "binary" });
    else files.push({ path, text, bytes });
  };
  await visit("", [{ at: "", rules: ignore().add(always) }]);
  return { files, left, ignored };
}

/** The text of a file, with line feeds; undefined when it is none. */
export function textOf(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return text.includes("\0") ? undefined : text.replace(/\r\n?/g, "\n");
  } catch {
    return undefined;
  }
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

/** The innermost .gitignore that says something decides, as with git. */
function isIgnored(rules: Rules, path: string, isFolder: boolean): boolean {
  let answer = false;
  for (const { at, rules: own } of rules) {
    const relative = at === "" ? path : path.slice(at.length + 1);
    const { ignored, unignored } = own.test(isFolder ? `${relative}/` : relative);
    if (ignored) answer = true;
    else if (unignored && at !== "") answer = false;
    else if (unignored) answer = false;
  }
  return answer;
}
