import type { RoomClient, RunView, wire } from "@codecollab/client";
import { copyText } from "../../lib/clipboard";
import { fetchOfRoom } from "../../lib/room-fetch";
import { Store } from "../../lib/store";
import { words } from "../../words";
import type { Notes } from "../status/notes";
import type { Screen } from "./terminal/screen";

/** A page of a room's runs, oldest first. */
export type RunPage = { readonly runs: readonly wire.RunRecord[]; readonly more: boolean };

/** What the output panel shows, and what can be done about it. */
export class Output {
  readonly tab = new Store<"output" | "input">("output");
  /** The run that somebody has chosen to see; undefined shows the latest. */
  readonly picked = new Store<number | undefined>(undefined);
  /** A run that the room's state has forgotten, from its log. */
  readonly past = new Store<RunView | undefined>(undefined);
  /** The run whose output was cleared away here. */
  readonly cleared = new Store<number | undefined>(undefined);
  /** Whether the list of runs is open. */
  readonly history = new Store(false);
  /** The terminal, once it is loaded. */
  readonly screen: { current: Screen | undefined } = { current: undefined };
  private latest: number | undefined;

  constructor(
    private readonly room: string,
    private readonly client: RoomClient,
    private readonly notes: Notes,
  ) {}

  /** The run that is shown. */
  shown(): RunView | undefined {
    return pickRun(this.client.view().runs, this.picked.get(), this.past.get());
  }

  /** Looks at the runs after a change: a new one is what everybody wants to see, whatever was looked at before. */
  see(runs: readonly RunView[]): void {
    const latest = runs.at(-1)?.run;
    if (latest === this.latest) return;
    this.latest = latest;
    this.picked.set(undefined);
    this.tab.set("output");
  }

  /** Shows a run, wherever it has to be found. */
  async show(run: number): Promise<void> {
    if (!this.client.view().runs.some((r) => r.run === run) && this.past.get()?.run !== run) {
      const record = await fetchOfRoom<wire.RunRecord>(this.room, `runs/${run}`);
      this.past.set(viewOf(record));
    }
    this.picked.set(run === this.latest ? undefined : run);
    this.cleared.set(undefined);
    this.tab.set("output");
  }

  /** The runs before a version. */
  before(version: number): Promise<RunPage> {
    return fetchOfRoom(this.room, `runs?before=${version}&limit=30`);
  }

  /** Copies what the terminal shows. */
  copy(): void {
    const { copied, noCopy } = words.get().run;
    void copyText(this.screen.current?.text() ?? "").then((ok) => this.notes.info(ok ? copied : noCopy));
  }

  /** Saves what is kept of the shown run's output as a file. */
  download(): void {
    const run = this.shown();
    if (run === undefined) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([this.screen.current?.text() ?? "", "\n"], { type: "text/plain;charset=utf-8" }));
    link.download = `output-v${run.run}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** Empties the panel, here only. */
  clear(): void {
    const run = this.shown();
    if (run?.state === "finished") this.cleared.set(run.run);
    else this.screen.current?.clear();
  }
}

/** The run of a number, also when it is in the past, or the latest one. */
export function pickRun(runs: readonly RunView[], number: number | undefined, past?: RunView): RunView | undefined {
  if (number === undefined) return runs.at(-1);
  return runs.find((r) => r.run === number) ?? (past?.run === number ? past : runs.at(-1));
}

/** A record of the log as it is shown. */
export function viewOf({ run, at, by, request, finish }: wire.RunRecord): RunView {
  return {
    run,
    at,
    by,
    request,
    state: finish === undefined ? "requested" : "finished",
    ...(request.terminal === undefined ? {} : { terminal: request.terminal }),
    output: finish?.output ?? [],
    omitted: finish?.omitted ?? 0,
    ...(finish === undefined ? {} : { finish: { ...finish, output: finish.output ?? [] } }),
  };
}
