import { ApiError, ask } from "./api";
import { forget, recall, remember } from "./storage";
import { Store } from "./store";
import { words } from "../words";

/** A person who has signed in. Color is an index into the palette; -1: not chosen. */
export type Account = { readonly id: string; readonly name: string; readonly email: string; readonly color: number; readonly admin: boolean };

/** A place in an organisation. */
export type MyOrg = { readonly id: string; readonly name: string; readonly role: string };

/** Who the server says this browser's person is. */
export type Me = {
  readonly person: string;
  /** Undefined for guests. */
  readonly account: Account | undefined;
  readonly orgs: readonly MyOrg[];
  /** How the session came about: "password", "passkey", or the id of a provider. */
  readonly via: string;
  /** Whether people without an account may come in. */
  readonly guests: boolean;
  /** Whether this browser was signed in, and is not any more. */
  readonly ended: boolean;
};

/** The person, as far as the server has said; undefined until then. */
export const me = new Store<Me | undefined>(undefined);

/** The account as this browser last knew it, so that a page begins with the right name. */
export const account = new Store<Account | undefined>(remembered());

const signedOut: Me = { person: "", account: undefined, orgs: [], via: "", guests: true, ended: true };

let asking: Promise<Me> | undefined;

/** Asks the server who this is. Those who ask meanwhile get the same answer. */
export function loadMe(): Promise<Me> {
  asking ??= ask("/api/v1/me", { cache: "no-store" })
    .then(toMe, (error: unknown) => {
      if (error instanceof ApiError && error.code === "signed_out") return signedOut;
      throw error;
    })
    .then(know)
    .finally(() => (asking = undefined));
  return asking;
}

/** Changes the name and colour of the account. */
export async function saveProfile(name: string, color: number): Promise<void> {
  await ask("/api/v1/me", { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, color }) });
  await loadMe();
}

/** In the browser's storage as long as texts of rooms are to be forgotten. */
const forgetting = "forgetting";

/** Forgets the texts of rooms, if somebody has signed out since that was last done. It waits for tabs that still use one; never rejects. */
export async function forgetAfterSignOut(): Promise<void> {
  if (recall(forgetting) === undefined) return;
  try {
    await (await import("../room/outbox")).forgetRooms();
    forget(forgetting);
  } catch {
    // The next page tries it again.
  }
}

/** Signs this browser out, or all of the person's; and at the provider as well, where the server says so: the browser goes there then. */
export async function signOut(everywhere = false): Promise<void> {
  const body = await ask("/api/v1/auth/signout", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ everywhere }) });
  remember(forgetting, "yes");
  void forgetAfterSignOut();
  await loadMe().catch(() => undefined); // a guest then, or nobody: the next page asks again
  const { to } = (body ?? {}) as { to?: unknown };
  if (typeof to !== "string" || !/^(https?:|\/)/.test(to)) return;
  location.assign(to);
  await new Promise<never>(() => undefined); // the page ends here; nobody goes anywhere else meanwhile
}

function know(now: Me): Me {
  if (now.account === undefined) forget("account");
  else remember("account", JSON.stringify(now.account));
  if (JSON.stringify(now.account) !== JSON.stringify(account.get())) account.set(now.account);
  me.set(now);
  return now;
}

/** Reads the server's answer. */
export function toMe(body: unknown): Me {
  const { person, account: a, orgs, via, ways } = (body ?? {}) as Record<string, unknown>;
  if (typeof person !== "string") throw new ApiError(500, "internal", words.get().frame.unreadable);
  return {
    person,
    account: toAccount(a),
    orgs: Array.isArray(orgs) ? orgs.flatMap(toOrg) : [],
    via: typeof via === "string" ? via : "",
    ended: false,
    guests: (ways as { guests?: unknown } | undefined)?.guests !== false,
  };
}

function toAccount(value: unknown): Account | undefined {
  const { id, name, email, color, admin } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  return { id, name, email: typeof email === "string" ? email : "", color: typeof color === "number" ? color : -1, admin: admin === true };
}

function toOrg(value: unknown): MyOrg[] {
  const { id, name, role } = (value ?? {}) as Record<string, unknown>;
  return typeof id === "string" && typeof name === "string" && typeof role === "string" ? [{ id, name, role }] : [];
}

function remembered(): Account | undefined {
  try {
    return toAccount(JSON.parse(recall("account") ?? "null"));
  } catch {
    return undefined;
  }
}
