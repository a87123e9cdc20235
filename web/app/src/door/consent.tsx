import type { ReactNode } from "react";
import { signInPath } from "../lib/back";
import { go } from "../lib/route";
import { CheckIcon } from "../ui/icons";
import { useWords } from "../words";
import { Wide } from "./parts";
import { usePages } from "./use-words";

/** What stands in the place of a question to somebody who has not signed in. */
export function SignInFirst({ text }: { readonly text: string }): ReactNode {
  const { door } = useWords();
  return (
    <>
      <p>{text}</p>
      <Wide look="accent" onPress={() => go(signInPath())}>
        {door.signIn}
      </Wide>
    </>
  );
}

/** What a program could do, in words. */
export function Scopes({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const w = usePages();
  return (
    <div>
      <p className="label">{w.device.may}</p>
      <ul className="door-scopes">
        {scopes.map((scope) => (
          <li key={scope}>
            <CheckIcon size={14} /> {w.scopes[scope] ?? scope}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Yes or no, with the same weight. */
export function YesNo({ busy, onAnswer }: { readonly busy: boolean; readonly onAnswer: (allow: boolean) => void }): ReactNode {
  const w = usePages().device;
  return (
    <div className="door-yes-no">
      <Wide isDisabled={busy} onPress={() => onAnswer(false)}>
        {w.deny}
      </Wide>
      <Wide look="accent" isDisabled={busy} onPress={() => onAnswer(true)}>
        {w.allow}
      </Wide>
    </div>
  );
}
