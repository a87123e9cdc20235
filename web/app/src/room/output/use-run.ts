import type { RunView } from "@codecollab/client";
import { useRef, useSyncExternalStore } from "react";
import { useSession } from "../context";
import { pickRun } from "./output";

/** A run without its output, which the terminal takes by itself. */
export type RunInfo = Omit<RunView, "output" | "omitted"> & { readonly silent: boolean };

/** A run, the latest one without a number; it renders again when the run's state changes, not when it prints. */
export function useRun(number: number | undefined): RunInfo | undefined {
  const { client, output } = useSession();
  const last = useRef<RunInfo | undefined>(undefined);
  return useSyncExternalStore(
    (f) => {
      const ends = [client.subscribe(f), output.past.subscribe(f)];
      return () => ends.forEach((end) => end());
    },
    () => {
      const run = pickRun(client.view().runs, number, output.past.get());
      const old = last.current;
      if (run === undefined || old === undefined || !same(old, run)) last.current = run && { ...run, silent: isSilent(run) };
      return last.current;
    },
  );
}

function isSilent({ output }: RunView): boolean {
  return output.every(({ stream, data }) => stream === "typed" || data === "");
}

function same(a: RunInfo, b: RunView): boolean {
  return (
    a.run === b.run &&
    a.state === b.state &&
    a.place === b.place &&
    a.attempt === b.attempt &&
    a.finish === b.finish &&
    a.terminal?.rows === b.terminal?.rows &&
    a.terminal?.cols === b.terminal?.cols &&
    (!a.silent || isSilent(b))
  );
}
