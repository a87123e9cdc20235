import { useState, type ReactNode } from "react";
import { parseLink } from "../lib/rooms";
import { go } from "../lib/route";
import { Button } from "../ui/button";
import { ArrowIcon } from "../ui/icons";
import { useWords } from "../words";

/** Goes to a room by the link or the name that somebody was sent. */
export function JoinForm(): ReactNode {
  const w = useWords().start;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const path = parseLink(text);
  const problem = !tried || path !== undefined ? "" : text.trim() === "" ? w.joinEmpty : w.joinBad;
  return (
    <form
      className="join"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (path !== undefined) go(path);
      }}
    >
      <label className="label" htmlFor="join">
        {w.join}
      </label>
      <div className="join-row">
        <input
          id="join"
          className="input"
          placeholder={w.joinHint}
          value={text}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-describedby="join-problem"
          aria-invalid={problem !== ""}
          onChange={(event) => {
            setText(event.target.value);
            setTried(false);
          }}
        />
        <Button type="submit" className="join-go">
          {w.joinGo} <ArrowIcon size={14} />
        </Button>
      </div>
      <p className="problem" id="join-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
