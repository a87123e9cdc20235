import type { Recovered } from "@codecollab/client";
import { useState, type ReactNode } from "react";
import { copyText } from "../../lib/clipboard";
import { Button } from "../../ui/button";
import { useSession } from "../context";

/** Text that could not be kept in its file: it is shown here until its author has done something with it. */
export function RecoveredTexts({ texts }: { readonly texts: readonly Recovered[] }): ReactNode {
  return (
    <section className="recovered" aria-label="Recovered text">
      {texts.map((text) => (
        <One key={text.id} item={text} />
      ))}
    </section>
  );
}

function One({ item }: { readonly item: Recovered }): ReactNode {
  const { client, notes } = useSession();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void copyText(item.text).then((ok) => {
      if (ok) setCopied(true);
      else notes.error("The browser does not allow copying. Select the text and copy it by hand.");
    });
  };
  return (
    <article>
      <header>
        <p>
          <b>Recovered text{item.name === "" ? "" : ` from ${item.name}`}.</b> {item.reason}
        </p>
        <Button small onPress={copy}>
          {copied ? "Copied" : "Copy"}
        </Button>
        <Button small look="quiet" onPress={() => client.dismissRecovered(item.id)}>
          Dismiss
        </Button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <pre tabIndex={0}>{item.text}</pre>
    </article>
  );
}
