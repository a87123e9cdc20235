import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { ButtonProps as AriaProps } from "react-aria-components/Button";
import { Tip } from "./tooltip";

/** How a button looks: quiet on a bar, outlined by itself, or one of the loud ones, of which a screen has one. */
export type Look = "quiet" | "outline" | "accent" | "go" | "stop";

type Props = Omit<AriaProps, "className" | "style" | "children"> & {
  readonly look?: Look;
  readonly small?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A button with words on it. */
export function Button({ look = "outline", small = false, className = "", children, ...rest }: Props): ReactNode {
  return (
    <AriaButton {...rest} className={`button ${look}${small ? " small" : ""} ${className}`}>
      {children}
    </AriaButton>
  );
}

type IconProps = Omit<Props, "aria-label" | "children"> & {
  /** Its name, shown as a tooltip too. */
  readonly name: string;
  readonly keys?: string;
  /** Where the tooltip stands. */
  readonly tip?: "top" | "right" | "bottom";
  readonly children: ReactNode;
};

/** A button with an icon; its name is a tooltip. */
export function IconButton({ name, keys, tip = "top", look = "quiet", small = false, className = "", children, ...rest }: IconProps): ReactNode {
  return (
    <Tip text={name} side={tip} {...(keys === undefined ? {} : { keys })}>
      <AriaButton {...rest} aria-label={name} data-icon-only="" className={`button ${look}${small ? " small" : ""} ${className}`}>
        {children}
      </AriaButton>
    </Tip>
  );
}
