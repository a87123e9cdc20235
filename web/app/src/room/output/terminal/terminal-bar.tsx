import { useState, type ReactNode } from "react";
import { shortcut } from "../../../lib/platform";
import { Button } from "../../../ui/button";
import { useWords } from "../../../words";
import { useSession } from "../../context";

/** What is said to a program by buttons; on a phone, also a line to type in, which its keyboard knows how to fill. */
export function TerminalBar({ waiting }: { readonly waiting: boolean }): ReactNode {
  const session = useSession();
  const { terminal: words } = useWords().run;
  const [line, setLine] = useState("");
  return (
    <div className="terminal-bar">
      <form
        className="terminal-line"
        onSubmit={(event) => {
          event.preventDefault();
          session.type(`${line}\r`);
          setLine("");
        }}
      >
        <input
          className="input mono"
          aria-label={words.line}
          placeholder={waiting ? words.answer : words.any}
          value={line}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="send"
          onChange={(event) => setLine(event.target.value)}
        />
        <Button type="submit">{words.send}</Button>
      </form>
      <p className="terminal-hint">
        {words.everyone} <kbd>Esc</kbd> <kbd>Tab</kbd> {words.leaves}
      </p>
      <div className="terminal-keys">
        <Button small look="outline" aria-label={words.interrupt(shortcut("Ctrl+C"))} onPress={() => session.type("\u0003")}>
          Ctrl-C
        </Button>
        <Button small look="outline" aria-label={words.endTip(shortcut("Ctrl+D"))} onPress={() => session.type("\u0004")}>
          {words.endOfInput}
        </Button>
      </div>
    </div>
  );
}
