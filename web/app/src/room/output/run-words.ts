import type { RunView } from "@codecollab/client";

/** How a run stands, in words, with the kind of mark that goes with them. */
export type RunWords = { readonly mark: "wait" | "busy" | "ask" | "good" | "bad" | "stopped"; readonly text: string; readonly detail?: string };

type Names = (person: string) => string;

/** How a run stands. name gives the name that a person goes by. */
export function runWords(run: Pick<RunView, "state" | "place" | "finish" | "attempt">, name: Names): RunWords {
  const { finish } = run;
  if (finish === undefined) {
    if (run.state === "requested") return { mark: "wait", text: "waiting to start" };
    if (run.state === "queued") return { mark: "wait", text: run.place === undefined ? "queued" : `queued, place ${run.place}` };
    if (run.state === "waiting") return { mark: "ask", text: "waiting for input" };
    if (run.state === "compiling") return { mark: "busy", text: "compiling" };
    return { mark: "busy", text: run.attempt === undefined ? "running" : "running, second try" };
  }
  const compile = finish.stage === "compile";
  const detail = finish.message === undefined || finish.message === "" ? {} : { detail: sentence(finish.message) };
  const code = finish.code ?? 0;
  switch (finish.outcome) {
    case "exited":
      if (compile) return { mark: "bad", text: "did not compile" };
      return { mark: code === 0 ? "good" : "bad", text: `exit ${code}` };
    case "signal":
      return { mark: "bad", text: finish.signal === undefined ? "ended by a signal" : `signal ${finish.signal}`, ...detail };
    case "timeout":
      return { mark: "bad", text: `${compile ? "compiling " : ""}timed out after ${seconds(finish.wall)}`, ...detail };
    case "cpu":
      return { mark: "bad", text: `out of CPU time after ${seconds(finish.cpu)}`, ...detail };
    case "memory":
      return { mark: "bad", text: "out of memory", ...detail };
    case "output":
      return { mark: "bad", text: "too much output", ...detail };
    case "processes":
      return { mark: "bad", text: "too many processes", ...detail };
    case "disk":
      return { mark: "bad", text: "too much written to files", ...detail };
    case "files":
      return { mark: "bad", text: "too many open files", ...detail };
    case "inodes":
      return { mark: "bad", text: "too many files", ...detail };
    case "stopped":
      return { mark: "stopped", text: finish.by === undefined ? "stopped" : `stopped by ${name(finish.by)}`, ...detail };
    default:
      return { mark: "bad", text: "could not be run", detail: sentence(finish.message ?? "The server failed, not the program. Try again.") };
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
