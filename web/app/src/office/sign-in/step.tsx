import { useId, type ReactNode } from "react";
import { CheckIcon } from "../../ui/icons";
import { useGuideWords } from "../use-words";

type Props = { readonly n: number; readonly title: string; readonly done: boolean; readonly optional?: boolean; readonly children: ReactNode };

/** One step of the guide: its number, which becomes a tick, and what is to be done. */
export function Step({ n, title, done, optional = false, children }: Props): ReactNode {
  const w = useGuideWords();
  const id = useId();
  return (
    <li className="office-step" data-done={done || undefined} aria-labelledby={id}>
      <span className="office-step-number" aria-hidden="true">
        {done ? <CheckIcon size={14} /> : n}
      </span>
      <div className="office-step-body">
        <h2 id={id}>
          <span className="hidden">{n}. </span>
          {title}
          {optional ? <em>{w.optional}</em> : null}
          {done ? <span className="hidden"> ({w.isDone})</span> : null}
        </h2>
        {children}
      </div>
    </li>
  );
}
