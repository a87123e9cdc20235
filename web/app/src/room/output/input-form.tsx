import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useWords } from "../../words";
import { useSession } from "../context";

/** What the next run is given: arguments, and, instead of what people type, a text on standard input. */
export function InputForm(): ReactNode {
  const { input, setInput } = useSession();
  const { stdin, args, use } = useStore(input);
  const { form: words } = useWords().run;
  return (
    <div className="input-form">
      <label>
        <span className="label">{words.args}</span>
        <input
          className="input mono"
          value={args}
          spellCheck={false}
          autoCapitalize="off"
          placeholder={words.argsExample}
          onChange={(event) => setInput({ stdin, use, args: event.target.value })}
        />
      </label>
      <label className="grow">
        <span className="label">{words.saved}</span>
        <textarea
          className="input mono"
          value={stdin}
          spellCheck={false}
          autoCapitalize="off"
          placeholder={words.savedExample}
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
        <span>{words.use}</span>
      </label>
      <p className="hint">
        {use ? words.used : words.unused} {words.private}
      </p>
    </div>
  );
}
