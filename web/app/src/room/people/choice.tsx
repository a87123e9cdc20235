import type { ReactNode } from "react";

type ChoiceProps = { readonly on: boolean; readonly words: string; readonly hint: string; readonly onChange: (on: boolean) => void };

/** A box to check, with a line about it. */
export function Choice({ on, words, hint, onChange }: ChoiceProps): ReactNode {
  return (
    <label className="choice">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {words}
        {on ? <small>{hint}</small> : null}
      </span>
    </label>
  );
}
