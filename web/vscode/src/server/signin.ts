import * as vscode from "vscode";
import type { Platform } from "../platform";
import { Api, ApiError } from "./api";

const scope = "rooms run";

type Token = { readonly access_token: string };
type Device = { readonly device_code: string; readonly user_code: string; readonly verification_uri: string; readonly verification_uri_complete?: string; readonly interval?: number; readonly expires_in: number };

/** How somebody may say who they are. "guest" needs no account. */
export type Way = "browser" | "code" | "token" | "guest";

/** Lets the user choose a way; undefined when they choose none. */
export async function chooseWay(origin: string, platform: Platform, guests: boolean): Promise<Way | undefined> {
  const items: (vscode.QuickPickItem & { way: Way })[] = [];
  // On another machine the browser could not come back to this one.
  if (platform.listen !== undefined && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop) {
    items.push({ way: "browser", label: vscode.l10n.t("Sign in with the browser"), iconPath: new vscode.ThemeIcon("globe") });
  }
  items.push({ way: "code", label: vscode.l10n.t("Sign in with a code"), detail: vscode.l10n.t("Works everywhere, also over SSH and in the browser."), iconPath: new vscode.ThemeIcon("device-mobile") });
  items.push({ way: "token", label: vscode.l10n.t("Paste an API token"), detail: vscode.l10n.t("From the page of your account, with the scopes rooms and run."), iconPath: new vscode.ThemeIcon("key") });
  if (guests) items.push({ way: "guest", label: vscode.l10n.t("Continue as a guest"), detail: vscode.l10n.t("Without an account; only here you are known again."), iconPath: new vscode.ThemeIcon("person") });
  const title = vscode.l10n.t("How do you want to come in at {0}?", new URL(origin).host);
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.way;
}

/** Gets a token by a way; undefined when the user gave up. Throws an ApiError. */
export function tokenBy(way: Way, api: Api, platform: Platform): Promise<string | undefined> {
  switch (way) {
    case "browser":
      return byBrowser(api, platform);
    case "code":
      return byCode(api);
    case "token":
      return byToken(api);
    case "guest":
      return asGuest(api);
  }
}

/** RFC 8252: the browser comes back to a port of this machine. */
async function byBrowser(api: Api, platform: Platform): Promise<string | undefined> {
  if (platform.listen === undefined) return byCode(api);
  const verifier = random();
  const state = random();
  const ear = await platform.listen(vscode.l10n.t("You are signed in. Go back to VS Code; this tab can be closed."));
  try {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const query = new URLSearchParams({ client_id: "vscode", response_type: "code", scope, redirect_uri: ear.uri, state, code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: "S256" });
    if (!(await vscode.env.openExternal(vscode.Uri.parse(`${api.origin}/oauth/authorize?${query}`, true)))) return undefined;
    const answer = await withProgress(vscode.l10n.t("Waiting for the browser to sign you in"), (cancelled) => Promise.race([ear.answer, cancelled]));
    if (answer === undefined) return undefined;
    // RFC 9207: the answer must be of the server that was asked.
    const issuer = answer.get("iss");
    if (answer.get("state") !== state || (issuer !== null && issuer !== api.origin)) throw new ApiError(0, "bad_state", vscode.l10n.t("The browser came back with the answer to another question. Try to sign in again."));
    const code = answer.get("code");
    if (code === null) return undefined;
    return (await api.form<Token>("/oauth/token", { client_id: "vscode", grant_type: "authorization_code", code, redirect_uri: ear.uri, code_verifier: verifier })).access_token;
  } finally {
    ear.close();
  }
}

/** RFC 8628: the user types a code in a browser, wherever that is. */
async function byCode(api: Api): Promise<string | undefined> {
  const device = await api.form<Device>("/oauth/device_authorization", { client_id: "vscode", scope });
  const open = vscode.l10n.t("Open the page");
  const copy = vscode.l10n.t("Copy the code");
  let over = false;
  const show = async (): Promise<void> => {
    const said = await vscode.window.showInformationMessage(vscode.l10n.t("Type the code {0} at {1}", device.user_code, device.verification_uri), open, copy);
    if (over || said === undefined) return;
    if (said === copy) await vscode.env.clipboard.writeText(device.user_code);
    else await vscode.env.openExternal(vscode.Uri.parse(device.verification_uri_complete ?? device.verification_uri, true));
  };
  void show();
  const ends = Date.now() + device.expires_in * 1000;
  let every = (device.interval ?? 5) * 1000;
  const title = vscode.l10n.t("Waiting for the code {0} to be typed in", device.user_code);
  try {
    return await withProgress(title, async (cancelled) => {
      while (Date.now() < ends) {
        const gone = await Promise.race([new Promise<false>((go) => setTimeout(() => go(false), every)), cancelled.then(() => true as const)]);
        if (gone) return undefined;
        try {
          return (await api.form<Token>("/oauth/token", { client_id: "vscode", grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: device.device_code })).access_token;
        } catch (error) {
          const { code } = error as ApiError;
          if (code === "slow_down") every += 5000;
          else if (code !== "authorization_pending" && code !== "offline") throw error;
        }
      }
      return undefined;
    });
  } finally {
    over = true;
  }
}

async function byToken(api: Api): Promise<string | undefined> {
  const open = await vscode.window.showInputBox({
    title: vscode.l10n.t("API token"),
    prompt: vscode.l10n.t("Make one at {0}", `${api.origin}/account`),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" || /^[\w.~-]+$/.test(text.trim()) ? undefined : vscode.l10n.t("This is no token.")),
  });
  return open?.trim() === "" ? undefined : open?.trim();
}

/** A new guest, whose token is asked for openly: an extension in a browser would not see the cookie. */
async function asGuest(api: Api): Promise<string | undefined> {
  try {
    return (await new Api(api.origin, undefined).post<{ readonly token: string }>("/api/v1/auth/guest", {})).token;
  } catch (error) {
    if (error instanceof ApiError && error.code === "sign_in") throw new ApiError(error.status, "account_needed", vscode.l10n.t("{0} lets nobody in without an account. Sign in.", api.origin));
    throw error;
  }
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function withProgress<T>(title: string, f: (cancelled: Promise<undefined>) => Promise<T | undefined>): Thenable<T | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) =>
    f(new Promise((resolve) => token.onCancellationRequested(() => resolve(undefined)))),
  );
}
