import { object, send } from "./api";

/** Whether this browser can make and use passkeys, and has the means to read what servers send about them. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";
}

/** Whether the browser can offer passkeys in the list under a field. */
export async function offersInFields(): Promise<boolean> {
  return knowsPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable());
}

/** Browsers answer one request at a time: the offer under the field ends when the button is pressed. */
let asked: AbortController | undefined;

/** Signs in with a passkey that the person chooses; inField waits until one is picked in the list under a field. */
export async function signInWithPasskey(signal: AbortSignal, inField = false): Promise<void> {
  const begun = object(await send("POST", "/api/v1/auth/passkey/begin"));
  const response = await askPasskey(begun, signal, inField);
  await send("POST", "/api/v1/auth/passkey/finish", { ticket: begun["ticket"], response });
}

/** Has the person's device make a passkey for their account. */
export async function addPasskey(name: string): Promise<void> {
  const begun = object(await send("POST", "/api/v1/me/passkeys/begin"));
  const response = await makePasskey(begun);
  await send("POST", "/api/v1/me/passkeys/finish", { ticket: begun["ticket"], name, response });
}

async function askPasskey(options: unknown, signal: AbortSignal, inField: boolean): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(inner(options) as PublicKeyCredentialRequestOptionsJSON);
  asked?.abort();
  asked = new AbortController();
  const ends = AbortSignal.any([signal, asked.signal]);
  return toJSON(await navigator.credentials.get({ publicKey, signal: ends, ...(inField ? { mediation: "conditional" as const } : {}) }));
}

async function makePasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(inner(options) as PublicKeyCredentialCreationOptionsJSON);
  return toJSON(await navigator.credentials.create({ publicKey }));
}

/** Whether an error only says that the person, or the browser, did not go on. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && ["NotAllowedError", "AbortError", "InvalidStateError"].includes(error.name);
}

/** The options themselves: servers wrap them in the name of the field that they are for. */
function inner(options: unknown): unknown {
  return typeof options === "object" && options !== null && "publicKey" in options ? options.publicKey : options;
}

function toJSON(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey was chosen", "NotAllowedError");
  return credential.toJSON();
}
