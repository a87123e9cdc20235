import type { RunView } from "@codecollab/client";
import { words } from "../../words";

/** How a run stands, in words, with the kind of mark that goes with them. */
export type RunWords = { readonly mark: "wait" | "busy" | "ask" | "good" | "bad" | "stopped"; readonly text: string; readonly detail?: string };

type Names = (person: string) => string;

/** How a run stands. name gives the name that a person goes by. */
export function runWords(run: Pick<RunView, "state" | "place" | "finish" | "attempt">, name: Names): RunWords {
  const { finish } = run;
  const { states } = words.get().run;
  if (finish === undefined) {
    if (run.state === "requested") return { mark: "wait", text: states.requested };
    if (run.state === "queued") return { mark: "wait", text: run.place === undefined ? states.queued : states.place(run.place) };
    if (run.state === "waiting") return { mark: "ask", text: states.waiting };
    if (run.state === "compiling") return { mark: "busy", text: states.compiling };
    return { mark: "busy", text: run.attempt === undefined ? states.running : states.second };
  }
  const compile = finish.stage === "compile";
  const detail = finish.message === undefined || finish.message === "" ? {} : { detail: sentence(finish.message) };
  const code = finish.code ?? 0;
  switch (finish.outcome) {
    case "exited":
      if (compile) return { mark: "bad", text: states.notCompiled };
      return { mark: code === 0 ? "good" : "bad", text: states.exit(code) };
    case "signal":
      return { mark: "bad", text: finish.signal === undefined ? states.someSignal : states.signal(finish.signal), ...detail };
    case "timeout":
      return { mark: "bad", text: (compile ? states.compileTimeout : states.timeout)(seconds(finish.wall)), ...detail };
    case "cpu":
      return { mark: "bad", text: states.cpu(seconds(finish.cpu)), ...detail };
    case "memory":
    case "output":
    case "processes":
    case "disk":
    case "files":
    case "inodes":
      return { mark: "bad", text: states[finish.outcome], ...detail };
    case "stopped":
      return { mark: "stopped", text: finish.by === undefined ? states.stopped : states.stoppedBy(name(finish.by)), ...detail };
    default:
      return { mark: "bad", text: states.failed, detail: sentence(finish.message ?? states.ours) };
  }
}

/** Seconds as people say them: "10 s", "2.5 s". */
function seconds(ms: number): string {
  const s = ms / 1000;
  return `${s >= 9.95 || Math.abs(s - Math.round(s)) < 0.05 ? Math.round(s) : s.toFixed(1)} s`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return trimmed;
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
