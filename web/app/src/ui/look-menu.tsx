import type { ReactNode } from "react";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useStore } from "../lib/store";
import { setTheme, theme, type Theme } from "../lib/theme";
import { locale, locales, speak, useWords, type Locale } from "../words";
import { IconButton } from "./button";
import { CheckIcon, ContrastIcon, MoonIcon, SunIcon, SystemIcon } from "./icons";

const icons: Readonly<Record<Theme, ReactNode>> = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon />, contrast: <ContrastIcon /> };

type Props = { /** Called with a sentence when something could not be had. */ readonly onProblem?: (text: string) => void };

/** Chooses the colours and the language of the page. */
export function LookMenu({ onProblem }: Props): ReactNode {
  const words = useWords();
  const w = words.frame.look;
  const chosen = useStore(theme);
  const spoken = useStore(locale);
  const choose = (language: Locale): void => {
    speak(language).catch(() => onProblem?.(w.failed));
  };
  return (
    <MenuTrigger>
      <IconButton name={w.title} tip="bottom">
        {icons[chosen]}
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={w.title} shouldCloseOnSelect>
          <MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[chosen]} onSelectionChange={(keys) => setTheme([...keys][0] as Theme)}>
            <Header className="menu-heading">{w.theme}</Header>
            {(["system", "light", "dark", "contrast"] as const).map((id) => (
              <Choice key={id} id={id} name={w[id]} icon={icons[id]} chosen={id === chosen} />
            ))}
          </MenuSection>
          <MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[spoken]} onSelectionChange={(keys) => choose([...keys][0] as Locale)}>
            <Header className="menu-heading">{w.language}</Header>
            {(Object.keys(locales) as Locale[]).map((id) => (
              <Choice key={id} id={id} name={locales[id]} chosen={id === spoken} lang={id} />
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

type ChoiceProps = { readonly id: string; readonly name: string; readonly icon?: ReactNode; readonly chosen: boolean; readonly lang?: string };

function Choice({ id, name, icon, chosen, lang }: ChoiceProps): ReactNode {
  return (
    <MenuItem id={id} className="item" textValue={name}>
      {icon}
      <span lang={lang}>{name}</span>
      {chosen ? (
        <span className="end">
          <CheckIcon />
        </span>
      ) : null}
    </MenuItem>
  );
}
