import { ask } from "../../lib/api";
import { linkKey } from "../../lib/route";

/** Who may come in that has no role. */
export type Visibility = "link" | "invited" | "organisation";

/** Who runs programs, unless an owner has said something else of a person. */
export type Runners = "editors" | "owners" | "named";

/** A change of who may come in; what is absent stays. */
export type Opening = {
  readonly visibility?: Visibility;
  readonly org?: string;
  readonly org_role?: string;
  readonly waiting?: boolean;
  readonly signed_in?: boolean;
  readonly runners?: Runners;
};

/** Somebody whom the room waits for. */
export type Invitation = { readonly who: string; readonly role: string };

function at(room: string, path: string): string {
  return `/api/v1/rooms/${encodeURIComponent(room)}/${path}`;
}

function say(method: string, path: string, body: unknown): Promise<unknown> {
  return ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** Changes who may come in. Rejects with an ApiError, as all of these. */
export async function setAccess(room: string, opening: Opening): Promise<void> {
  await say("PUT", at(room, "access"), opening);
}

/** Gives the room a passcode; "" takes it away. */
export async function setPasscode(room: string, passcode: string): Promise<void> {
  await say("PUT", at(room, "passcode"), { passcode });
}

/** Tells the room its passcode. */
export async function givePasscode(room: string, passcode: string): Promise<void> {
  const key = linkKey();
  await ask(at(room, "passcode"), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key === undefined ? {} : { "X-Room-Key": key }) },
    body: JSON.stringify({ passcode }),
  });
}

/** Lets somebody in who waits, or refuses them. */
export async function answerKnock(room: string, person: string, admit: boolean): Promise<void> {
  await say("POST", at(room, `knocks/${encodeURIComponent(person)}`), { admit });
}

/** Says whether somebody runs programs. */
export async function giveRun(room: string, person: string, run: "yes" | "no" | "rule"): Promise<void> {
  await say("PUT", at(room, `members/${encodeURIComponent(person)}`), { run });
}

/** Whom the room waits for. */
export async function fetchInvitations(room: string): Promise<readonly Invitation[]> {
  const { invitations } = ((await ask(at(room, "invitations"), { cache: "no-store" })) ?? {}) as { invitations?: unknown };
  return Array.isArray(invitations) ? (invitations as Invitation[]) : [];
}

/** Lets somebody in who signs in with an address. */
export async function invite(room: string, who: string, role: string): Promise<void> {
  await say("POST", at(room, "invitations"), { who, role });
}

/** Takes an invitation back. */
export async function uninvite(room: string, who: string): Promise<void> {
  await ask(at(room, `invitations/${encodeURIComponent(who)}`), { method: "DELETE" });
}
