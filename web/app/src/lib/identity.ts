import { account, saveProfile } from "./me";
import { Store } from "./store";
import { recall, remember } from "./storage";

/** Who this browser's person is to others. Color is an index into the palette of twelve. */
export type Identity = { readonly name: string; readonly color: number };

/** How many colours people have. */
export const colors = 12;


const moods = [
  "Curious", "Patient", "Merry", "Bold", "Gentle", "Lucky", "Nimble", "Sunny", "Clever", "Quiet", "Jolly", "Keen",
  "Mellow", "Plucky", "Swift", "Witty", "Cosmic", "Humble", "Radiant", "Steady",
];
const creatures = [
  "Heron", "Otter", "Badger", "Lynx", "Puffin", "Marten", "Gecko", "Ibex", "Kestrel", "Wombat", "Dormouse", "Narwhal",
  "Tapir", "Egret", "Beaver", "Quokka", "Stoat", "Walrus", "Finch", "Hare",
];

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

/** Who somebody without an account is: the name is theirs to choose, and this browser remembers it. */
function guest(): Identity {
  const name = cleanName(recall("name") ?? "") || `${pick(moods)} ${pick(creatures)}`;
  const color = Number(recall("color") ?? Number.NaN);
  const known = Number.isInteger(color) && color >= 0 && color < colors;
  const me = { name, color: known ? color : Math.floor(Math.random() * colors) };
  keep(me);
  return me;
}

function keep({ name, color }: Identity): void {
  remember("name", name);
  remember("color", String(color));
}

/** A name as it can be shown: one line, at most forty characters. */
export function cleanName(name: string): string {
  return [...name.replace(/[\s\p{Cc}]+/gu, " ").trim()].slice(0, 40).join("").trim();
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("") || "?";
}

/** Who somebody is now: their account, else the guest of this browser. */
function current(): Identity {
  const own = account.get();
  if (own === undefined) return guest();
  return { name: own.name, color: own.color >= 0 && own.color < colors ? own.color : colorOf(own.id) };
}

/** The colour of who has chosen none: always the same one. */
function colorOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % colors;
}

/** The person at this browser. */
export const identity = new Store<Identity>(current());

account.subscribe(() => identity.set(current()));

/** Takes another name or colour. That of an account is the server's: rejects, and stays as it was, when the server does not take it. */
export async function setIdentity(next: Identity): Promise<void> {
  identity.set(next);
  if (account.get() === undefined) keep(next);
  else await saveProfile(next.name, next.color).finally(() => identity.set(current()));
}
