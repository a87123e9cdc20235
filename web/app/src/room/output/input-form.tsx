import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";

/** What the next run is given: text on standard input, and arguments. */
export function InputForm(): ReactNode {
  const { input } = useSession();
  const { stdin, args } = useStore(input);
  return (
    <div className="input-form">
      <label>
        <span className="label">Arguments</span>
        <input
          className="input mono"
          value={args}
          spellCheck={false}
          autoCapitalize="off"
          placeholder="--verbose “two words”"
          onChange={(event) => input.set({ stdin, args: event.target.value })}
        />
      </label>
      <label className="grow">
        <span className="label">Standard input</span>
        <textarea
          className="input mono"
          value={stdin}
          spellCheck={false}
          autoCapitalize="off"
          placeholder="Lines that the program reads"
          onChange={(event) => input.set({ args, stdin: event.target.value.replace(/\r\n?/g, "\n") })}
        />
      </label>
      <p className="hint">Used by the next run that you start. Others do not see it before.</p>
    </div>
  );
}
