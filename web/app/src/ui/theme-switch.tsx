import type { ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useStore } from "../lib/store";
import { setTheme, theme, type Theme } from "../lib/theme";
import { IconButton } from "./button";
import { CheckIcon, MoonIcon, SunIcon, SystemIcon } from "./icons";

const choices: readonly { id: Theme; name: string; icon: ReactNode }[] = [
  { id: "system", name: "As the system", icon: <SystemIcon /> },
  { id: "light", name: "Light", icon: <SunIcon /> },
  { id: "dark", name: "Dark", icon: <MoonIcon /> },
];

/** Chooses light, dark, or what the system says. */
export function ThemeSwitch(): ReactNode {
  const chosen = useStore(theme);
  return (
    <MenuTrigger>
      <IconButton name="Theme">{choices.find(({ id }) => id === chosen)?.icon}</IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label="Theme"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[chosen]}
          onAction={(key) => setTheme(key as Theme)}
        >
          {choices.map(({ id, name, icon }) => (
            <MenuItem key={id} id={id} className="item" textValue={name}>
              {icon}
              {name}
              {id === chosen ? (
                <span className="end">
                  <CheckIcon />
                </span>
              ) : null}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
