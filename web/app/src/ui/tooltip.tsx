import type { ReactElement, ReactNode } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { shortcut } from "../lib/platform";

type Props = { readonly text: string; readonly keys?: string; readonly side?: "top" | "right" | "bottom"; readonly children: ReactElement };

/** Shows a text, and a shortcut, beside what the pointer or the focus is on. */
export function Tip({ text, keys, side = "top", children }: Props): ReactNode {
  return (
    <TooltipTrigger delay={450} closeDelay={0}>
      {children}
      <Tooltip className="tooltip" placement={side} offset={6}>
        {text}
        {keys === undefined ? null : <span className="keys">{shortcut(keys)}</span>}
      </Tooltip>
    </TooltipTrigger>
  );
}
