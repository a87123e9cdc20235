import { lazy, Suspense, useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import type { ButtonProps } from "react-aria-components/Button";
import { whenIdle } from "../lib/later";
import type { Floating, FloatingMenu, MenuChoices, MenuEntry, Placement } from "./floating";

// What floats over the page is a large part of React Aria, and nothing of it is seen at first: it comes once the page is idle.
const load = (): Promise<{ Floating: typeof Floating; FloatingMenu: typeof FloatingMenu }> => import("./floating");
const LazyFloating = lazy(async () => ({ default: (await load()).Floating }));
const LazyMenu = lazy(async () => ({ default: (await load()).FloatingMenu }));

/** What the button that opens something has to be given. */
export type Trigger = Required<Pick<ButtonProps, "onPress" | "aria-haspopup" | "aria-expanded">> & {
  readonly ref: RefObject<HTMLButtonElement | null>;
};

type Common = {
  /** The button that opens it. */
  readonly renderButton: (trigger: Trigger) => ReactNode;
  /** The name of what opens. */
  readonly label: string;
  readonly placement?: Placement;
};

type PopProps = Common & {
  /** What is told when it opens. */
  readonly onOpen?: () => void;
  readonly children: (close: () => void) => ReactNode;
};

/** A button that opens a small dialog beside it. */
export function Pop({ renderButton, label, placement, onOpen, children }: PopProps): ReactNode {
  const { trigger, floating, isOpen, times } = usePop("dialog", onOpen);
  return (
    <>
      {renderButton(trigger)}
      {isOpen === undefined ? null : (
        <Suspense fallback={null}>
          <LazyFloating key={times} {...floating} isOpen={isOpen} label={label} placement={placement}>
            {children(() => floating.onOpenChange(false))}
          </LazyFloating>
        </Suspense>
      )}
    </>
  );
}

type MenuProps = Common & {
  /** The lines; a function is asked once, when the menu opens. */
  readonly entries: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  readonly onAction: (id: string) => void;
  /** The id of the one that is chosen, in a menu to choose from. */
  readonly chosen?: string;
  /** In the place of entries: several lists to choose from. */
  readonly choices?: readonly MenuChoices[];
  readonly className?: string;
};

/** A button that opens a menu. */
export function MenuPop({ renderButton, label, placement, ...menu }: MenuProps): ReactNode {
  const { trigger, floating, isOpen, times } = usePop("menu");
  return (
    <>
      {renderButton(trigger)}
      {isOpen === undefined ? null : (
        <Suspense fallback={null}>
          <LazyMenu key={times} {...floating} {...menu} isOpen={isOpen} label={label} placement={placement} />
        </Suspense>
      )}
    </>
  );
}

type Opened = { readonly trigger: Trigger; readonly floating: Pick<Parameters<typeof Floating>[0], "triggerRef" | "onOpenChange">; readonly isOpen: boolean | undefined; readonly times: number };

/**
 * The state of one of both; isOpen is undefined until it has been open for the first time. times counts the openings: one that is opened
 * again while it still fades out has to be a new one, or nothing in it would take the focus, and a search would begin with the last words.
 */
function usePop(kind: "dialog" | "menu", onOpen?: () => void): Opened {
  const [isOpen, setOpen] = useState<boolean | undefined>();
  const [times, setTimes] = useState(0);
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => whenIdle(() => void Promise.all([load(), import("./modal")]).catch(() => undefined)), []);
  const press = (): void => {
    onOpen?.();
    setOpen(true);
    setTimes(times + 1);
  };
  return {
    trigger: { ref, onPress: press, "aria-haspopup": kind, "aria-expanded": isOpen === true },
    floating: { triggerRef: ref, onOpenChange: setOpen },
    isOpen,
    times,
  };
}
