import { memo, useState, type ReactNode } from "react";
import type { ClientFile } from "@codecollab/client";
import { copyText } from "../../lib/clipboard";
import { IconButton } from "../../ui/button";
import { CheckIcon, CopyIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useSession } from "../context";
import { blocksOf, type Span } from "./text";

type Props = { readonly text: string; readonly files: readonly ClientFile[] };

/** The text of one message. React writes all of it as text; no message becomes markup. */
export const MessageText = memo(function MessageText({ text, files }: Props): ReactNode {
  return blocksOf(text, files).map((block, i) =>
    block.kind === "code" ? (
      // oxlint-disable-next-line react/no-array-index-key -- a message never changes
      <CodeBlock key={i} text={block.text} />
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- a message never changes
      <p key={i}>
        {block.spans.map((span, j) => (
          // oxlint-disable-next-line react/no-array-index-key -- a message never changes
          <SpanText key={j} span={span} />
        ))}
      </p>
    ),
  );
});

/** A piece of a line. */
export function SpanText({ span }: { readonly span: Span }): ReactNode {
  const session = useSession();
  const { chat } = useWords();
  if (span.kind === "code") return <code>{span.text}</code>;
  if (span.kind === "link") {
    return (
      <a href={span.href} target="_blank" rel="noopener noreferrer">
        {span.text}
      </a>
    );
  }
  if (span.kind === "text") return span.text;
  const { file, line, column, text } = span;
  return (
    <button type="button" className="place" title={chat.goTo(text)} onClick={() => session.goTo(file, line, column)}>
      {text}
    </button>
  );
}

function CodeBlock({ text }: { readonly text: string }): ReactNode {
  const { notes } = useSession();
  const { chat } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void copyText(text).then((ok) => {
      setCopied(ok);
      if (!ok) notes.error(chat.copyRefused);
    });
  };
  return (
    <div className="chat-code">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <pre tabIndex={0}>{text}</pre>
      <IconButton small name={copied ? chat.copied : chat.copyCode} onPress={copy}>
        {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      </IconButton>
    </div>
  );
}
