import * as vscode from "vscode";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { colorOf } from "../people/palette";

/** What the view shows of a message; plain data, which its script puts there as text. */
type Shown = { readonly name: string; readonly time: string; readonly text: string; readonly light: string; readonly dark: string; readonly waits: boolean };

/** The chat of the room that the user is in. */
export class ChatView implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private session: Session | undefined;
  private seen = 0;
  private shown = "";

  constructor(private readonly rooms: Rooms) {
    rooms.onOpen((session) => session.onChange(() => this.draw()));
    rooms.onClose(() => this.draw());
    vscode.window.onDidChangeActiveTextEditor(() => this.draw());
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [] };
    view.webview.html = page();
    view.webview.onDidReceiveMessage((message: { readonly ready?: true; readonly text?: unknown }) => {
      if (message.ready === true) this.draw(true);
      else if (typeof message.text === "string" && message.text.trim() !== "") this.say(message.text);
    });
    view.onDidChangeVisibility(() => this.draw());
    view.onDidDispose(() => (this.view = undefined));
  }

  private say(text: string): void {
    const { session } = this;
    const most = session?.view.limits?.chat_units ?? 4000;
    if (text.length > most) void vscode.window.showWarningMessage(vscode.l10n.t("This message has {0} characters; at most {1} can be sent.", text.length, most));
    else session?.client.chat(text);
  }

  private draw(again = false): void {
    const { view } = this;
    const session = this.rooms.current;
    const chat = session?.view.chat;
    const now = `${this.view?.visible === true} ${chat?.messages.length ?? -1} ${chat?.messages.at(-1)?.version ?? 0} ${chat?.waiting.join("\n") ?? ""}`;
    if (session === this.session && now === this.shown && !again) return;
    this.session = session;
    this.shown = now;
    if (view === undefined) return;
    const messages = session?.view.chat.messages ?? [];
    const newest = messages.at(-1)?.version ?? 0;
    if (view.visible) this.seen = Math.max(this.seen, newest);
    const unread = messages.filter(({ version }) => version > this.seen).length;
    view.badge = unread === 0 ? undefined : { value: unread, tooltip: vscode.l10n.t("{0} unread messages", unread) };
    if (view.visible) void view.webview.postMessage({ room: session?.title ?? "", messages: session === undefined ? [] : shown(session) });
  }
}

function shown(session: Session): Shown[] {
  const { people, chat } = session.view;
  const time = new Intl.DateTimeFormat(vscode.env.language, { hour: "2-digit", minute: "2-digit" });
  const said = chat.messages.slice(-200).map(({ by, at, text }): Shown => {
    const person = people.find((p) => p.person === by);
    return { name: person?.name ?? vscode.l10n.t("Somebody"), time: time.format(at), text, ...colorOf(person?.color ?? 0), waits: false };
  });
  const me = people.find(({ person }) => person === session.view.person);
  return [...said, ...chat.waiting.map((text) => ({ name: me?.name ?? "", time: "", text, ...colorOf(me?.color ?? 0), waits: true }))];
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The page of the view. Nothing is loaded, only its own script runs, and messages are put there as text and never as markup. */
function page(): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const t = (text: string): string => escaped(text);
  const say = t(vscode.l10n.t("Say something to everybody"));
  return `<!doctype html>
<html lang="${escaped(vscode.env.language)}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">
body { display: flex; flex-direction: column; height: 100vh; padding: 0; margin: 0; font: var(--vscode-font-size) var(--vscode-font-family); color: var(--vscode-foreground); }
#list { flex: 1; overflow-y: auto; padding: 8px 12px; margin: 0; list-style: none; }
#list li { margin: 0 0 8px; overflow-wrap: anywhere; }
#list .name { font-weight: 600; color: var(--dark); }
body.vscode-light #list .name, body.vscode-high-contrast-light #list .name { color: var(--light); }
#list .time { color: var(--vscode-descriptionForeground); margin-left: 6px; font-size: 0.9em; }
#list .text { white-space: pre-wrap; }
#list .waits { opacity: 0.65; }
#empty { padding: 8px 12px; color: var(--vscode-descriptionForeground); }
form { padding: 8px 12px; }
textarea { box-sizing: border-box; width: 100%; min-height: 30px; resize: vertical; padding: 4px 6px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, transparent); border-radius: 2px; }
textarea:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
[hidden] { display: none; }
</style>
<ol id="list" role="log" aria-live="polite" aria-label="${t(vscode.l10n.t("Chat"))}"></ol>
<p id="empty">${t(vscode.l10n.t("Nobody has said anything yet."))}</p>
<form><textarea rows="2" placeholder="${say}" aria-label="${say}"></textarea></form>
<script nonce="${nonce}">
const api = acquireVsCodeApi();
const list = document.getElementById("list"), empty = document.getElementById("empty"), box = document.querySelector("textarea");
addEventListener("message", ({ data }) => {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  empty.hidden = data.messages.length > 0;
  list.replaceChildren(...data.messages.map((m) => {
    const item = document.createElement("li"), name = document.createElement("span"), time = document.createElement("span"), text = document.createElement("div");
    name.className = "name"; name.textContent = m.name; name.style.setProperty("--dark", m.dark); name.style.setProperty("--light", m.light);
    time.className = "time"; time.textContent = m.time;
    text.className = "text"; text.textContent = m.text;
    if (m.waits) item.className = "waits";
    item.append(name, time, text);
    return item;
  }));
  if (atEnd) list.scrollTop = list.scrollHeight;
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  api.postMessage({ text: box.value });
  box.value = "";
});
api.postMessage({ ready: true });
</script>
</html>`;
}
