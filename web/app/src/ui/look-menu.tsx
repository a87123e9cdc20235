import type { ReactNode } from "react";
import { useStore } from "../lib/store";
import { setTheme, theme, type Theme } from "../lib/theme";
import { locale, locales, speak, useWords, type Locale } from "../words";
import { IconButton } from "./button";
import { ContrastIcon, MoonIcon, SunIcon, SystemIcon } from "./icons";
import { MenuPop } from "./pop";

const icons: Readonly<Record<Theme, ReactNode>> = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon />, contrast: <ContrastIcon /> };

type Props = { /** Called with a sentence when something could not be had. */ readonly onProblem?: (text: string) => void };

/** Chooses the colours and the language of the page. */
export function LookMenu({ onProblem }: Props): ReactNode {
  const words = useWords();
  const w = words.frame.look;
  const chosen = useStore(theme);
  const spoken = useStore(locale);
  const themes = (Object.keys(icons) as Theme[]).map((id) => ({ id, name: w[id], icon: icons[id] }));
  const languages = (Object.keys(locales) as Locale[]).map((id) => ({ id, name: locales[id], content: <span lang={id}>{locales[id]}</span> }));
  const choose = (id: string): void => {
    if (id in icons) setTheme(id as Theme);
    else speak(id as Locale).catch(() => onProblem?.(w.failed));
  };
  return (
    <MenuPop
      label={w.title}
      entries={[]}
      choices={[
        { name: w.theme, entries: themes, chosen },
        { name: w.language, entries: languages, chosen: spoken },
      ]}
      onAction={choose}
      renderButton={(trigger) => (
        <IconButton {...trigger} name={w.title} tip="bottom">
          {icons[chosen]}
        </IconButton>
      )}
    />
  );
}
