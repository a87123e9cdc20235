import { useState, type ReactNode, type RefObject } from "react";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Popover, type PopoverProps } from "react-aria-components/Popover";
import { CheckIcon } from "./icons";

/** Where something floats, beside its button. */
export type Placement = NonNullable<PopoverProps["placement"]>;

type Props = {
  readonly triggerRef: RefObject<Element | null>;
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly label: string;
  readonly placement?: Placement | undefined;
};

/** A small dialog beside the button that has opened it. Use Pop, which loads it when it is needed. */
export function Floating({ label, placement = "bottom end", children, ...rest }: Props & { readonly children: ReactNode }): ReactNode {
  return (
    <Popover {...rest} className="popover" aria-label={label} placement={placement} offset={5}>
      {children}
    </Popover>
  );
}

/** A line of a menu. */
export type MenuEntry = {
  readonly id: string;
  readonly name: string;
  /** What is shown in the place of the name. */
  readonly content?: ReactNode;
  readonly icon?: ReactNode;
  /** What stands at the end of the line: a key, or a mark. */
  readonly end?: ReactNode;
  readonly danger?: boolean;
  readonly isDisabled?: boolean;
};

/** Lines of a menu under a heading, of which one is chosen. */
export type MenuChoices = { readonly name: string; readonly entries: readonly MenuEntry[]; readonly chosen: string };

type MenuProps = Props & {
  /** The lines; a function is asked once, when the menu opens. */
  readonly entries: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  readonly onAction: (id: string) => void;
  readonly chosen?: string;
  /** In the place of entries: several lists to choose from. */
  readonly choices?: readonly MenuChoices[];
  readonly className?: string;
};

/** A menu beside the button that has opened it. Use MenuPop, which loads it when it is needed. */
export function FloatingMenu(props: MenuProps): ReactNode {
  const { label, placement = "bottom end", triggerRef, isOpen, onOpenChange } = props;
  return (
    <Popover {...{ triggerRef, isOpen, onOpenChange, placement }} className="popover" trigger="MenuTrigger" aria-label={label}>
      <Lines {...props} />
    </Popover>
  );
}

/** The menu itself; it is there only while it is open. */
function Lines({ label, entries, onAction, onOpenChange, chosen, choices = [], className = "" }: MenuProps): ReactNode {
  const [lines] = useState(entries);
  const choice = chosen === undefined ? {} : ({ selectionMode: "single", disallowEmptySelection: true, selectedKeys: [chosen] } as const);
  return (
    <Menu
      {...choice}
      className={`menu ${className}`}
      aria-label={label}
      autoFocus="first"
      onAction={(key) => onAction(String(key))}
      onClose={() => onOpenChange(false)}
    >
      {lines.map((entry) => lineOf(entry, entry.id === chosen))}
      {choices.map((list) => (
        <MenuSection key={list.name} selectionMode="single" disallowEmptySelection selectedKeys={[list.chosen]}>
          <Header className="menu-heading">{list.name}</Header>
          {list.entries.map((entry) => lineOf(entry, entry.id === list.chosen))}
        </MenuSection>
      ))}
    </Menu>
  );
}

function lineOf({ id, name, content = name, icon, end, danger = false, isDisabled = false }: MenuEntry, chosen: boolean): ReactNode {
  return (
    <MenuItem key={id} id={id} className={`item${danger ? " danger" : ""}`} textValue={name} isDisabled={isDisabled}>
      {icon}
      {content}
      {end === undefined ? null : <span className="end">{end}</span>}
      {chosen ? (
        <span className="end">
          <CheckIcon />
        </span>
      ) : null}
    </MenuItem>
  );
}
