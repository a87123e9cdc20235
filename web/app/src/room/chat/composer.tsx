import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { UpIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

/** Fewer characters left than this are told. */
const few = 300;

/** The field where messages are written. */
export function Composer(): ReactNode {
  const session = useSession();
  const { chat: words } = useWords();
  const { chat } = session;
  const draft = useStore(chat.draft);
  const wanted = useStore(chat.wanted);
  const most = useRoom((view) => view.limits?.chat_units ?? 4000);
  const field = useRef<HTMLTextAreaElement>(null);
  const focused = useRef(0);
  const left = most - draft.length;
  const sendable = draft.trim() !== "" && left >= 0;

  useEffect(() => {
    if (wanted === focused.current) return;
    focused.current = wanted;
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, [wanted]);
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.height = "auto";
    if (draft !== "") current.style.height = `${current.scrollHeight + 2}px`;
  }, [draft]);

  const send = (): void => {
    if (sendable) chat.send();
  };
  const key = (event: KeyboardEvent): void => {
    // Enter that ends the composition of a word (IME) is not for us; some browsers only tell by the code.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      <div className="chat-field">
        <textarea
          ref={field}
          className="input"
          rows={1}
          value={draft}
          placeholder={words.write}
          aria-label={words.write}
          aria-describedby="chat-hint"
          aria-invalid={left < 0}
          enterKeyHint="send"
          onChange={(event) => chat.write(event.target.value)}
          onKeyDown={key}
        />
        <Button type="submit" look="accent" className="chat-send" data-icon-only="" aria-label={words.send} isDisabled={!sendable}>
          <UpIcon />
        </Button>
      </div>
      {left < few ? <output className={`chat-left${left < 0 ? " over" : ""}`}>{left < 0 ? words.tooLong(-left) : words.left(left)}</output> : null}
      <p className="hidden" id="chat-hint">
        {words.sendHint}
      </p>
    </form>
  );
}
