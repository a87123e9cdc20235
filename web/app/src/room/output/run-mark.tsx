import type { ReactNode } from "react";
import { AlertIcon, CheckIcon, ClockIcon, KeyboardIcon, StopIcon } from "../../ui/icons";
import type { RunWords } from "./run-words";

/** The mark before a run's words; its shape says what its colour says. */
export function RunMark({ mark }: { readonly mark: RunWords["mark"] }): ReactNode {
  if (mark === "busy") return <span className="spinner" aria-hidden="true" />;
  if (mark === "wait") return <ClockIcon size={14} />;
  if (mark === "ask") return <KeyboardIcon size={14} />;
  if (mark === "good") return <CheckIcon size={14} />;
  if (mark === "stopped") return <StopIcon size={12} />;
  return <AlertIcon size={14} />;
}
