import { toStep, fields, type Step } from "../api";

/** What the window of a test tells the page that has opened it. */
export type Tested = { readonly connection: string; readonly steps: readonly Step[] };

/** What somebody can do without: who comes in is then a member without that. */
const welcome = ["name", "email", "groups", "role"];

/** Whether people can come in, as far as was tried. */
export function works(steps: readonly Step[]): boolean {
  return steps.length > 0 && steps.every(({ name, ok }) => ok || welcome.includes(name));
}

const channelName = "codecollab-sso-test";

/** The steps that the address of the window has behind its #; none when there are none to read. */
export function stepsOf(hash: string): readonly Step[] {
  try {
    const base64 = hash.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (unit) => unit.codePointAt(0) ?? 0);
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(body) ? body.map((one) => toStep(fields(one))).filter((step) => step !== undefined) : [];
  } catch {
    return [];
  }
}

/** Tells all pages of this installation in this browser. A provider may have cut the window's tie to the page that opened it. */
export function tell(tested: Tested): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(tested); // oxlint-disable-line unicorn/require-post-message-target-origin -- a channel has but one origin
  channel.close();
}

/** Hears what the windows of tests of a connection tell; the answer ends that. */
export function hear(connection: string, f: (steps: readonly Step[]) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener("message", ({ data }) => {
    const { connection: about, steps } = fields(data);
    if (about === connection && Array.isArray(steps)) f(steps.map((one) => toStep(fields(one))).filter((step) => step !== undefined));
  });
  return () => channel.close();
}
