import type { ReactNode } from "react";
import { VerifiedIcon } from "../../ui/icons";
import { useAccessWords } from "./use-words";

/** The mark of a name that is an account's. */
export function Verified(): ReactNode {
  const { verified } = useAccessWords();
  return (
    <span className="verified" title={verified}>
      <VerifiedIcon size={13} />
      <span className="unseen">{verified}</span>
    </span>
  );
}
