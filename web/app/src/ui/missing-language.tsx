import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Language } from "../lib/api";
import { copyText } from "../lib/clipboard";
import { useWords } from "../words";
import { Button } from "./button";
import { BackIcon, CheckIcon, CopyIcon } from "./icons";

type Props = { readonly language: Language; readonly onBack: () => void };

/** Says of a language that it is not on this server, and how it comes there. */
export function MissingLanguage({ language: { id, name }, onBack }: Props): ReactNode {
  const words = useWords();
  const w = words.frame.languages;
  const [copied, setCopied] = useState<boolean>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const command = `codecollab languages install ${id}`;
  const copy = (): void => {
    void copyText(command).then((ok) => {
      setCopied(ok);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(undefined), 3000);
    });
  };
  return (
    <section className="picker-missing" aria-labelledby="missing-language">
      <Button look="quiet" small autoFocus className="back" aria-describedby="missing-language missing-words" onPress={onBack}>
        <BackIcon size={14} /> {w.all}
      </Button>
      <h2 id="missing-language">{w.missingTitle(name)}</h2>
      <p id="missing-words">{w.missingHint}</p>
      <div className="command">
        <code>{command}</code>
        <Button small aria-label={copied === true ? words.frame.copied : w.copy} onPress={copy}>
          {copied === true ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        </Button>
      </div>
      <output className="hint">{copied === undefined ? "" : copied ? w.copied : words.frame.noCopy}</output>
    </section>
  );
}
