import type { ReactNode } from "react";
import { CheckIcon, ClockIcon } from "../../ui/icons";
import { useGuideWords } from "../use-words";
import type { Provider } from "./values";

/** Whether people can sign in by a connection. */
export function State({ on }: { readonly on: boolean }): ReactNode {
  const w = useGuideWords();
  return (
    <span className={`office-mark ${on ? "good" : "wait"}`}>
      {on ? <CheckIcon size={13} /> : <ClockIcon size={13} />}
      {on ? w.states["on"] : w.states["draft"]}
    </span>
  );
}

/** A letter for a provider: other people's logos are not ours to show. */
export function ProviderMark({ provider }: { readonly provider: Provider }): ReactNode {
  return (
    <span className={`office-badge-square ${provider}`} aria-hidden="true">
      {{ okta: "O", entra: "E", google: "G", other: "?" }[provider]}
    </span>
  );
}
