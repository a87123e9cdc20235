import type { Recovered } from "@codecollab/client";
import { useState, type ReactNode } from "react";
import { copyText } from "../../lib/clipboard";
import { saveText } from "../../lib/download";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

/** Text that could not be kept in its file: it is shown here until its author has done something with it. */
export function RecoveredTexts(): ReactNode {
  const { client } = useSession();
  const texts = useRoom((view) => view.recovered);
  const { recovered: words } = useWords().status;
  return (
    <section className="recovered" aria-label={words.title}>
      {texts.map((text) => (
        <RecoveredText key={text.id} item={text} onDismiss={() => client.dismissRecovered(text.id)} />
      ))}
    </section>
  );
}

type Props = { readonly item: Omit<Recovered, "id" | "at" | "file">; readonly onDismiss?: () => void };

/** One text, and what can be done with it. Without onDismiss there is no room to insert it into. */
export function RecoveredText({ item, onDismiss }: Props): ReactNode {
  const { editor, notes } = useSession();
  const { recovered: words } = useWords().status;
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void copyText(item.text).then((ok) => {
      if (ok) setCopied(true);
      else notes.error(words.copyFailed);
    });
  };
  const insert = (): void => {
    if (editor.insert(item.text)) notes.info(words.inserted);
    else notes.info(words.notInserted);
  };
  return (
    <article>
      <header>
        <p>
          <b>{item.name === "" ? words.title : words.from(item.name)}.</b> {item.reason}
        </p>
        <Button small onPress={copy}>
          {copied ? words.copied : words.copy}
        </Button>
        {onDismiss === undefined ? null : (
          <Button small onPress={insert} aria-label={words.insertTip}>
            {words.insert}
          </Button>
        )}
        <Button small onPress={() => saveText(item.name.split("/").at(-1) || "recovered.txt", item.text)}>
          {words.download}
        </Button>
        {onDismiss === undefined ? null : (
          <Button small look="quiet" onPress={onDismiss}>
            {words.dismiss}
          </Button>
        )}
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <pre tabIndex={0}>{item.text}</pre>
    </article>
  );
}
