import { lazy, Suspense, useEffect, type ReactNode } from "react";
import type { Language } from "../lib/api";
import { catalogue, findLanguage, loadLanguages } from "../lib/languages";
import { whenIdle } from "../lib/later";
import { useStore } from "../lib/store";
import { useWords } from "../words";
import { Button } from "./button";
import { ChevronIcon } from "./icons";
import type { LanguageList as List } from "./language-list";
import { Pop } from "./pop";

type Props = {
  /** The chosen language's id. */
  readonly value: string;
  readonly onPick: (language: Language) => void;
  readonly className?: string;
  readonly isDisabled?: boolean;
  /** Which edge of the button the list is in line with. */
  readonly align?: "start" | "end";
};

// What opens is fetched apart, once the page is there and has nothing else to do.
const loadList = async (): Promise<{ default: typeof List }> => ({ default: (await import("./language-list")).LanguageList });
const LanguageList = lazy(loadList);

/** A button that names the language, and opens a list of all with a field to search it. */
export function LanguagePicker({ value, onPick, className, isDisabled = false, align = "end" }: Props): ReactNode {
  const words = useWords();
  const w = words.frame.languages;
  const { list, state } = useStore(catalogue);
  useEffect(loadLanguages, []);
  useEffect(() => whenIdle(() => void loadList().catch(() => undefined)), []);
  const current = findLanguage(list, value);
  const name = current?.name ?? value;
  const missing = state === "ready" && current !== undefined && !current.available;
  return (
    <Pop
      label={w.choose}
      placement={`bottom ${align}`}
      onOpen={loadLanguages}
      renderButton={(trigger) => (
        <Button look="outline" className={`language ${className ?? ""}`} isDisabled={isDisabled} aria-label={w.button(name || w.none)} {...trigger}>
          <span className={`language-name${missing ? " missing" : ""}`}>{name || w.label}</span>
          <ChevronIcon size={14} />
        </Button>
      )}
    >
      {(close) => (
        <div className="picker">
          <Body
            value={current?.id ?? value}
            onPick={(language) => {
              close();
              onPick(language);
            }}
          />
        </div>
      )}
    </Pop>
  );
}

function Body({ value, onPick }: Pick<Props, "value" | "onPick">): ReactNode {
  const languages = useStore(catalogue);
  const words = useWords();
  if (languages.state === "failed") {
    return (
      <div className="picker-error" role="alert">
        <p>{languages.error}</p>
        <Button small onPress={loadLanguages}>
          {words.frame.tryAgain}
        </Button>
      </div>
    );
  }
  return (
    <Suspense fallback={<p className="empty">{words.frame.loading}</p>}>
      <LanguageList languages={languages} value={value} onPick={onPick} />
    </Suspense>
  );
}
