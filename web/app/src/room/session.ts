import {
  fallbackConnect,
  httpProbe,
  RoomClient,
  streamConnect,
  webSocketConnect,
  type Peer,
  type RoomOptions,
  type RoomView,
  type RunView,
  type wire,
} from "@codecollab/client";
import type { Language } from "../lib/api";
import { identity, type Identity } from "../lib/identity";
import { catalogue, extensionOf, findLanguage, knownSample, languageDetail, languageOf, usedLanguage } from "../lib/languages";
import { loadMe } from "../lib/me";
import { visited } from "../lib/rooms";
import { listen } from "../lib/listen";
import { linkKey, showKey } from "../lib/route";
import { recall, remember } from "../lib/storage";
import { Slowly } from "../lib/slowly";
import { Store } from "../lib/store";
import { words } from "../words";
import { Chat } from "./chat/chat";
import { ClientIds } from "./client-id";
import { Dialogs } from "./commands/dialogs";
import { EditorHost } from "./editor/editor-host";
import { Formatting } from "./editor/format";
import { Files } from "./files/files";
import { HintsDoor } from "./hints/door";
import type { Visit } from "./history/visit";
import { Activity } from "./people/activity";
import { Layout } from "./layout";
import { Output } from "./output/output";
import { OwnRun } from "./own-run";
import type { Problem } from "./problems/problems";
import { ProblemWatch } from "./problems/watch";
import { People } from "./people/people";
import { runRefusal } from "./people/refusal";
import { Notes } from "./status/notes";
import { VoiceDoor } from "./voice/door";
import { browserOutbox, type BrowserOutbox } from "./outbox";

/** What the next run is given, apart from the files; without use it gets a terminal in the place of stdin. */
export type RunInput = { readonly stdin: string; readonly args: string; readonly use: boolean };

type Size = wire.Size;

/** One visit of a room: the client, the editor, and what the page keeps outside of React. */
export class RoomSession {
  readonly notes = new Notes();
  readonly layout = new Layout();
  readonly dialogs = new Dialogs();
  readonly editor: EditorHost;
  readonly files: Files;
  readonly formatting: Formatting;
  readonly problems: ProblemWatch;
  readonly activity: Activity;
  readonly people: People;
  readonly chat: Chat;
  readonly output: Output;
  readonly hints: HintsDoor;
  readonly voice: VoiceDoor;
  /** The file that is shown. */
  readonly file = new Store<string | undefined>(undefined);
  readonly input: Store<RunInput>;
  /** Set while the history is looked at. */
  readonly history = new Store<Visit | undefined>(undefined);
  /** Set from pressing Run until the room knows of the run. */
  readonly starting = new Store(false);
  readonly help = new Store(false);
  /** Characters of tabs of this room that are gone, which only this browser has. */
  readonly left = new Store(0);
  /** Set when the server has been replaced by another build since this page joined. */
  readonly outdated = new Store(false);

  /** Who is here. Where many type, it changes a hundred times a second, and is told less often. */
  readonly peers = new Store<readonly Peer[]>([]);
  private readonly crowd = new Slowly(80, () => this.showCrowd());
  private readonly ends: (() => void)[] = [];
  /** For what the terminal has room. */
  private panel: Size = { rows: 24, cols: 80 };
  private readonly own = new OwnRun();
  private build: string | undefined;
  private remembered: string | undefined;
  private lastNotice = 0;
  private seen: RoomView | undefined;
  private resizing: ReturnType<typeof setTimeout> | undefined;
  private startingTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    readonly room: string,
    readonly client: RoomClient,
    ids: ClientIds,
  ) {
    this.input = new Store(recallInput(room));
    this.editor = new EditorHost(client, (message) => this.notes.error(message), {
      save: () => this.saved(),
      failed: (message) => this.notes.error(message),
    });
    this.files = new Files(room, client, this.file, this.editor, this.notes);
    this.formatting = new Formatting(client, this.editor, this.notes, room);
    this.problems = new ProblemWatch({ text: (file) => client.text(file), mark: (file, marks) => this.editor.mark(file, marks) });
    this.people = new People(this);
    this.activity = new Activity((file, position) => this.editor.line(file, position));
    this.output = new Output(room, client, this.notes);
    this.chat = new Chat(room, client, this.layout);
    this.hints = new HintsDoor(this);
    this.voice = new VoiceDoor(this);
    this.ends.push(
      client.subscribe(() => this.changed(client.view())),
      identity.subscribe(() => this.profile(identity.get())),
      listen(window, "online", () => client.reconnectNow()),
      listen(document, "visibilitychange", () => this.visibility()),
      listen(window, "hashchange", () => this.linkChanged()),
      listen(window, "pagehide", () => void client.flush()),
      listen(window, "beforeunload", (event) => {
        if (client.unsent() > 0) event.preventDefault();
      }),
      () => ids.release(),
      () => this.crowd.cancel(),
      ...this.people.listen((line) => client.setTop(line)),
      this.own.listen(),
    );
  }

  /** Opens a room. */
  static async open(room: string): Promise<RoomSession> {
    const outbox = await browserOutbox();
    const ids = new ClientIds(room, outbox);
    const path = `/api/v1/rooms/${encodeURIComponent(room)}`;
    const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}/socket`;
    const key = linkKey();
    let called: (session: string) => void = () => undefined;
    const options = (): RoomOptions => ({
      room,
      ...(key === undefined ? {} : { key }),
      ...identity.get(),
      outbox,
      connect: fallbackConnect(webSocketConnect(socket), streamConnect(`${path}/stream`)),
      probe: httpProbe(),
      phrases: () => words.get().status.client,
      // oxlint-disable-next-line no-console -- the log of whoever runs the page
      onReport: ({ kind, detail }) => console.warn(`codecollab: ${kind}: ${detail}`),
    });
    const client = new RoomClient({ ...options(), onBring: (from) => called(from), acquireClientId: () => ids.acquire(), onClientId: (id) => void ids.uses(id) });
    const session = new RoomSession(room, client, ids);
    called = (from) => session.people.brought(from);
    await client.start();
    session.changed(client.view());
    void session.rescue(ids, outbox, options);
    return session;
  }

  /** Sends what tabs of this room that are gone have left behind. */
  private async rescue(ids: ClientIds, outbox: BrowserOutbox, options: () => RoomOptions): Promise<void> {
    const { Rescue } = await import("./rescue");
    const { room, client } = this;
    const rescue = new Rescue({
      room,
      ids,
      outbox,
      client: (clientId, own) => new RoomClient({ ...options(), clientId, outbox: own, onClientId: (id) => void ids.also(id) }),
      take: (texts) => client.takeOver(texts),
      left: this.left,
      report: (detail) => options().onReport?.({ kind: "rescue", detail }),
    });
    this.ends.push(() => rescue.close());
    await rescue.start();
  }

  /** Leaves the room. */
  close(): void {
    for (const end of this.ends) end();
    clearTimeout(this.startingTimer);
    clearTimeout(this.resizing);
    this.problems.close();
    this.people.close();
    this.chat.close();
    this.hints.close();
    this.voice.close();
    this.editor.close();
    this.client.close();
  }

  /** Shows a file. */
  show(file: string): void {
    this.file.set(file);
    this.layout.showMain(undefined);
  }

  /** Goes to where somebody is, or something; what lies between there and the end is selected. */
  jump(file: string, position: number, end = position): void {
    this.show(file);
    // The pane shows the file when it has rendered.
    requestAnimationFrame(() => this.editor.jump(position, end));
  }

  /** Goes to a line of a file, counted from 1; beyond the end of the text, to its last one. */
  goTo(file: string, line: number, column = 1): void {
    if (!this.client.view().files.some(({ id }) => id === file)) return;
    const text = this.client.text(file);
    const found = text.line(Math.max(1, Math.min(line, text.lines)));
    this.jump(file, Math.min(found.to, found.from + Math.max(1, column) - 1));
  }

  /** Goes to where something went wrong in a run. */
  visit(run: number, problem: Pick<Problem, "file" | "line" | "column">): void {
    this.goTo(problem.file, this.problems.lineOf(run, problem), problem.column);
  }

  /** Whether the user may change the room; if not, they are told why. */
  private mayEdit(): boolean {
    const { refusal } = this.client.view();
    const { lock } = words.get().people;
    if (refusal !== undefined) this.notes.info(`${lock.viewOnly} ${refusal === "locked" ? lock.locked : lock.viewer}`);
    return refusal === undefined;
  }

  /** Whether the user may run programs; if not, they are told why. */
  private mayRun(): boolean {
    const { noRun } = this.client.view();
    if (noRun !== undefined) this.notes.info(runRefusal(words.get(), noRun));
    return noRun === undefined;
  }

  /** Runs the program. */
  run(): void {
    const view = this.client.view();
    const file = programOf(view, this.file.get(), findLanguage(catalogue.get().list, view.language));
    if (file === undefined) {
      this.notes.info(words.get().frame.said.noFile);
      return;
    }
    const { stdin, args, use } = this.input.get();
    const argv = splitArgs(args);
    this.begin({ file, language: view.language, ...(use ? { stdin } : {}), ...(argv.length === 0 ? {} : { args: argv }) });
  }

  /** Runs once more what a run was asked to, with its arguments and input; for a terminal people type anew. */
  again({ request }: Pick<RunView, "request">): void {
    if (!this.client.view().files.some(({ id }) => id === request.file)) {
      this.notes.info(words.get().run.fileGone);
      return;
    }
    const { terminal, stdin = "", ...rest } = request;
    this.begin({ ...rest, ...(terminal === undefined ? { stdin } : {}) });
  }

  private begin(request: Omit<RunView["request"], "terminal">): void {
    const view = this.client.view();
    if (!this.mayRun() || view.status !== "ready" || this.starting.get()) return;
    const { running, noRun } = words.get().frame.said;
    if (activeRun(view) !== undefined || view.connection !== "online") {
      this.notes.info(view.connection === "online" ? running : noRun);
      return;
    }
    const { file, language, stdin, args } = request;
    this.own.pressed();
    this.starting.set(true);
    this.startingTimer = setTimeout(() => this.starting.set(false), 5000);
    this.client.run({
      file,
      language,
      ...(stdin === undefined ? { terminal: this.panel } : { stdin }),
      ...(args === undefined ? {} : { args: [...args] }),
    });
  }

  /** Stops the program that runs. */
  stop(): void {
    const run = activeRun(this.client.view());
    if (run !== undefined) this.client.stop(run.run);
  }

  /** Changes what the next run is given, and remembers it for this room. */
  readonly setInput = (input: RunInput): void => {
    this.input.set(input);
    remember(`input:${this.room}`, JSON.stringify(input));
  };

  /** Types for the program that runs. */
  type(data: string): void {
    const run = activeRun(this.client.view());
    if (run?.terminal === undefined || this.client.sendInput(run.run, data)) return;
    this.notes.info(words.get().frame.said.noInput);
  }

  /** The terminal has room for so much; a program that was started here is told. */
  fits(size: Size): void {
    this.panel = size;
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => this.tellSize(), 120);
  }

  /** Whether the terminal is to take the focus now: see OwnRun. */
  wantsFocus(run: RunView): boolean {
    return run.state === "waiting" && this.own.waits(run.run);
  }

  /** The terminal has drawn something. */
  printed(): void {
    this.own.printed(this.client.view().runs.at(-1)?.run);
  }

  /** Answers Ctrl/Cmd+S. */
  saved(): void {
    const { save } = this.client.view();
    const { key } = words.get().status;
    if (save.kind === "saved" || save.kind === "sending") this.notes.info(key[save.kind]);
    else this.notes.info(save.fleeting === true ? key.fleeting : key.kept);
  }

  /**
   * Chooses another language. A room that still holds nothing but the old language's sample gets the new one's; code
   * that somebody has typed stays as it is.
   */
  language(next: Language): void {
    if (!this.mayEdit()) return;
    const view = this.client.view();
    if (next.id === view.language) return;
    usedLanguage(next.id);
    this.client.setLanguage(next.id);
    const [only, ...others] = view.files;
    if (only === undefined || others.length > 0) return;
    const text = this.client.text(only.id);
    // The name changes at once where it can be said that nothing was typed, so that what is typed next is of the new language.
    const typed = text.toString().trim();
    const known = knownSample(view.language)?.trim();
    if (typed !== "" && known !== undefined && known !== typed) return;
    const rename = (): void => {
      if (only.name !== next.file) this.client.renameFile(only.id, next.file);
    };
    if (typed === "" || known !== undefined) rename();
    const samples = Promise.all([view.language === "" ? undefined : languageDetail(view.language), languageDetail(next.id)]);
    samples.then(
      ([old, { sample }]) => {
        const now = this.client.view();
        const untouched = typed === "" || typed === old?.sample.trim();
        // Somebody may have typed, or chosen something else, while the sample was on its way. The room's own answer may come later.
        if (!untouched || ![next.id, view.language].includes(now.language) || now.files.length !== 1 || !this.client.text(only.id).eq(text)) return;
        if (typed !== "" && known === undefined) rename();
        this.editor.replace(only.id, sample);
      },
      () => this.notes.info(words.get().frame.said.noSample(next.name)),
    );
  }

  /** The language whose sample an empty file can be given. */
  sampleFor(file: string | undefined): Language | undefined {
    const { files, language } = this.client.view();
    const name = files.find(({ id }) => id === file)?.name;
    return name === undefined ? undefined : languageOf(name, catalogue.get().list, language);
  }

  /** Writes the sample program of a language into an empty file, as one edit that can be undone. */
  insertSample(file: string, { id, name }: Language): void {
    languageDetail(id).then(
      ({ sample }) => {
        if (this.client.view().files.some((f) => f.id === file) && this.client.text(file).length === 0) this.editor.replace(file, sample);
        this.editor.focus();
      },
      () => this.notes.error(words.get().frame.said.sampleFailed(name)),
    );
  }

  private showCrowd(): void {
    const view = this.client.view();
    this.peers.set(view.peers);
    this.editor.showPeers(view.peers);
    this.activity.see(view);
  }

  private changed(view: RoomView): void {
    // Output comes often; what it does not concern is left alone.
    const before = this.seen;
    this.seen = view;
    if (before?.files !== view.files || before.status !== view.status) {
      const ids = new Set(view.files.map(({ id }) => id));
      this.files.tabs.see(view.files);
      if (view.status === "ready") this.editor.retain(ids);
    }
    if (before?.settings !== view.settings) this.editor.useSettings(view.settings);
    if (before?.peers !== view.peers || before.connection !== view.connection) this.crowd.ask();
    if (before?.refusal !== view.refusal) this.editor.useReadOnly(view.refusal !== undefined);
    this.people.see(view);
    this.problems.see(view);
    this.chat.see(view);
    this.output.see(view.runs);
    this.hints.see(view);
    const active = activeRun(view);
    if (this.starting.get() && active !== undefined) {
      if (active.by === view.person) this.own.began(active.run);
      this.started();
      this.tellSize();
    }
    for (const { id, level, text } of view.notices) {
      if (id <= this.lastNotice) continue;
      this.lastNotice = id;
      this.notes.add(level, text);
      this.started();
    }
    if (view.key !== undefined && before?.key !== view.key) showKey(this.room, view.key);
    if (view.serverBuild !== undefined) {
      this.build ??= view.serverBuild;
      if (this.build !== view.serverBuild) this.outdated.set(true);
    }
    const about = `${view.language} ${view.title}`;
    if (view.status === "ready" && view.serverBuild !== undefined && this.remembered !== about) {
      this.remembered = about;
      // Its sample tells whether somebody has typed; without it that is asked for when it is needed.
      languageDetail(view.language).catch(() => {});
      visited(this.room, view.language, view.title);
    }
  }

  private tellSize(): void {
    const run = activeRun(this.client.view());
    if (run?.terminal === undefined || !this.own.is(run.run)) return;
    const { rows, cols } = this.panel;
    if (run.terminal.rows !== rows || run.terminal.cols !== cols) this.client.resizeTerminal(run.run, this.panel);
  }

  private started(): void {
    clearTimeout(this.startingTimer);
    this.starting.set(false);
  }

  private profile({ name, color }: Identity): void {
    this.client.setProfile(name, color);
  }

  /** Another link to the same room was put into the address: browsers do not load the page again by themselves. */
  private linkChanged(): void {
    const key = linkKey();
    if (key !== undefined && key !== this.client.view().key) location.reload();
  }

  private visibility(): void {
    const hidden = document.visibilityState === "hidden";
    this.client.setAway(hidden);
    if (hidden) void this.client.flush();
    else if (this.client.view().signedOut === true) void this.cameBack();
    else this.client.reconnectNow();
  }

  /** The page is looked at again after its person was signed out: perhaps they have signed in in another tab. */
  private async cameBack(): Promise<void> {
    const { account } = await loadMe().catch(() => ({ account: undefined }));
    if (account !== undefined) this.client.signedIn();
  }
}

/** The run that has not ended, if there is one. */
export function activeRun(view: RoomView): RunView | undefined {
  return view.runs.findLast((run) => run.state !== "finished");
}

/** Which file is the program: the one that is shown when it is of the language, else the first that is. */
export function programOf(view: RoomView, shown: string | undefined, language: Language | undefined): string | undefined {
  const fits = (name: string): boolean => language?.extensions.includes(extensionOf(name)) ?? false;
  const active = view.files.find(({ id }) => id === shown);
  if (active !== undefined && fits(active.name)) return active.id;
  return (view.files.find(({ name }) => fits(name)) ?? active ?? view.files[0])?.id;
}

/** What was last given to a room's runs from this browser. */
function recallInput(room: string): RunInput {
  try {
    const { stdin, args, use } = JSON.parse(recall(`input:${room}`) ?? "{}") as Record<string, unknown>;
    return { stdin: typeof stdin === "string" ? stdin : "", args: typeof args === "string" ? args : "", use: use === true };
  } catch {
    return { stdin: "", args: "", use: false };
  }
}

/** Splits arguments at spaces; quotes of either kind hold words together. */
export function splitArgs(line: string): string[] {
  const split: string[] = [];
  for (const match of line.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g)) {
    split.push(match[0].replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) => (double === undefined ? (single ?? "") : double.replace(/\\(.)/g, "$1"))));
  }
  return split;
}
