import type { ReactNode } from "react";
import { Notice } from "./parts";
import { useGuideWords } from "./use-words";

/** Says to admins why they see how people sign in, and cannot change it. */
export function OwnersOnly(): ReactNode {
  return <Notice kind="info">{useGuideWords().ownersOnly}</Notice>;
}
