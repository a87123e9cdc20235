import type { RunView } from "@codecollab/client";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../context";
import { OutputBuffer, type Block } from "./output-buffer";

/** At most so often is output drawn, in milliseconds: more would only cost, nobody reads faster. */
const pause = 50;

type Shown = { readonly run: RunView | undefined; readonly blocks: readonly Block[] };

/** A run and its blocks; without a number, the latest run. Drawn at a calm pace, however fast a program prints. */
export function useOutput(number: number | undefined): Shown {
  const { client } = useSession();
  const buffer = useRef<{ run: number; buffer: OutputBuffer } | undefined>(undefined);
  const [shown, setShown] = useState<Shown>({ run: undefined, blocks: [] });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drawn = 0;
    let last: RunView | undefined;
    const draw = (): void => {
      timer = undefined;
      const { runs } = client.view();
      const run = (number === undefined ? undefined : runs.find((r) => r.run === number)) ?? runs.at(-1);
      if (run === last && run !== undefined) return;
      last = run;
      drawn = Date.now();
      if (run === undefined) {
        setShown({ run, blocks: [] });
        return;
      }
      if (buffer.current?.run !== run.run) buffer.current = { run: run.run, buffer: new OutputBuffer() };
      setShown({ run, blocks: buffer.current.buffer.update(run.output) });
    };
    const changed = (): void => {
      timer ??= setTimeout(draw, Math.max(0, drawn + pause - Date.now()));
    };
    draw();
    const end = client.subscribe(changed);
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [client, number]);
  return shown;
}
