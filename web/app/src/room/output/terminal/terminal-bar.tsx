import { useState, type ReactNode } from "react";
import { shortcut } from "../../../lib/platform";
import { Button } from "../../../ui/button";
import { useSession } from "../../context";

/** What is said to a program by buttons; on a phone, also a line to type in, which its keyboard knows how to fill. */
export function TerminalBar({ waiting }: { readonly waiting: boolean }): ReactNode {
  const session = useSession();
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
          aria-label="A line for the program"
          placeholder={waiting ? "Your answer" : "A line to send"}
          value={line}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="send"
          onChange={(event) => setLine(event.target.value)}
        />
        <Button type="submit">Send</Button>
      </form>
      <p className="terminal-hint">
        Everyone here may type. <kbd>Esc</kbd> <kbd>Tab</kbd> leaves.
      </p>
      <div className="terminal-keys">
        <Button small look="outline" aria-label={`Interrupt the program (${shortcut("Ctrl+C")})`} onPress={() => session.type("\u0003")}>
          Ctrl-C
        </Button>
        <Button small look="outline" aria-label={`End of input (${shortcut("Ctrl+D")})`} onPress={() => session.type("\u0004")}>
          End of input
        </Button>
      </div>
    </div>
  );
}
