import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";

/** What the next run is given: arguments, and, instead of what people type, a text on standard input. */
export function InputForm(): ReactNode {
  const { input, setInput } = useSession();
  const { stdin, args, use } = useStore(input);
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
          onChange={(event) => setInput({ stdin, use, args: event.target.value })}
        />
      </label>
      <label className="grow">
        <span className="label">Saved input</span>
        <textarea
          className="input mono"
          value={stdin}
          spellCheck={false}
          autoCapitalize="off"
          placeholder="Lines that the program reads"
          onChange={(event) => {
            const text = event.target.value.replace(/\r\n?/g, "\n");
            // Whoever begins to write one wants it used.
            setInput({ args, stdin: text, use: use || stdin === "" });
          }}
        />
      </label>
      <label className="switch">
        <input type="checkbox" role="switch" aria-checked={use} checked={use} onChange={(event) => setInput({ stdin, args, use: event.target.checked })} />
        <span className="switch-track" aria-hidden="true" />
        <span>Use this input</span>
      </label>
      <p className="hint">
        {use ? "Your next run reads this text, then the end of input; nobody types while it runs." : "Your next run has a terminal: everyone here may type while it runs."} Only you
        see this page.
      </p>
    </div>
  );
}
