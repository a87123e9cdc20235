import type { RunView } from "@codecollab/client";
import * as vscode from "vscode";

/** How a run stands, in words. */
export function runState(run: Pick<RunView, "state" | "place" | "finish" | "attempt">, name: (person: string) => string): { readonly text: string; readonly good: boolean } {
  const { t } = vscode.l10n;
  const { finish } = run;
  if (finish === undefined) return { text: going(run), good: true };
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const detail = finish.message === undefined || finish.message === "" ? "" : ` (${finish.message})`;
  const bad = (text: string): { text: string; good: boolean } => ({ text: text + detail, good: false });
  switch (finish.outcome) {
    case "exited":
      if (finish.stage === "compile") return bad(t("did not compile"));
      return { text: t("exit {0}, {1}", finish.code ?? 0, seconds(finish.wall)), good: (finish.code ?? 0) === 0 };
    case "signal":
      return bad(t("ended by signal {0}", finish.signal ?? ""));
    case "timeout":
      return bad(t("timed out after {0}", seconds(finish.wall)));
    case "cpu":
      return bad(t("out of CPU time after {0}", seconds(finish.cpu)));
    case "memory":
      return bad(t("out of memory"));
    case "stopped":
      return { text: finish.by === undefined ? t("stopped") : t("stopped by {0}", name(finish.by)), good: true };
    case "failed":
      return bad(t("could not be run; the server failed, not the program"));
    default:
      return bad(finish.outcome);
  }
}

function going({ state, place, attempt }: Pick<RunView, "state" | "place" | "attempt">): string {
  const { t } = vscode.l10n;
  switch (state) {
    case "queued":
      return place === undefined ? t("queued") : t("queued, place {0}", place);
    case "compiling":
      return t("compiling");
    case "waiting":
      return t("waiting for input");
    case "running":
      return attempt === undefined ? t("running") : t("running, second try");
    default:
      return t("waiting to start");
  }
}
