import { useId, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { Problem } from "../parts";
import { useDoing } from "../use-doing";
import { sentence, usePages } from "../use-words";
import type { Loaded } from "../use-load";

type Props = { readonly title: string; readonly hint?: string; readonly action?: ReactNode; readonly children: ReactNode };

/** A part of the account's page. */
export function Section({ title, hint, action, children }: Props): ReactNode {
  const id = useId();
  return (
    <section className="account-section" aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          {hint === undefined ? null : <p className="hint">{hint}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

type RowProps = { readonly icon?: ReactNode; readonly title: ReactNode; readonly facts?: readonly string[]; readonly children?: ReactNode };

/** One line of a list: what it is, facts about it, and what can be done. */
export function Row({ icon, title, facts = [], children }: RowProps): ReactNode {
  return (
    <div className="account-row">
      {icon === undefined ? null : <span className="account-icon">{icon}</span>}
      <div className="account-what">
        <span className="account-name">{title}</span>
        {facts.length === 0 ? null : <span className="account-facts">{facts.filter((fact) => fact !== "").join(" · ")}</span>}
      </div>
      {children}
    </div>
  );
}

type RowsProps<T> = {
  readonly loaded: Loaded<readonly T[]>;
  readonly onRetry: () => void;
  readonly none: string;
  readonly idOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
};

/** A list that comes from the server, or why it is not there. */
export function Rows<T>({ loaded: { data, problem }, onRetry, none, idOf, children }: RowsProps<T>): ReactNode {
  const w = usePages();
  const { frame } = useWords();
  if (problem !== undefined) {
    return (
      <p className="account-none" role="alert">
        {sentence(problem, w)}{" "}
        <Button small onPress={onRetry}>
          {frame.tryAgain}
        </Button>
      </p>
    );
  }
  if (data === undefined) return <p className="account-none">{frame.loading}</p>;
  if (data.length === 0) return <p className="account-none">{none}</p>;
  return (
    <ul className="account-rows">
      {data.map((item) => (
        <li key={idOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}

type ConfirmProps = {
  readonly title: string;
  readonly texts: readonly string[];
  readonly button: string;
  readonly onDo: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly isDisabled?: boolean;
  readonly children?: ReactNode;
};

/** Asks before something that cannot be taken back, does it, and stays when it failed. */
export function Confirm({ title, texts, button, onDo, onClose, isDisabled = false, children }: ConfirmProps): ReactNode {
  const w = useWords().frame;
  const { busy, problem, stale, run } = useDoing();
  return (
    <Dialog title={title} alert onClose={onClose}>
      {texts.map((text) => (
        <p key={text} className="account-warning">
          {text}
        </p>
      ))}
      {children}
      <Problem text={problem} stale={stale} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{w.cancel}</Button>
        <Button look="stop" isPending={busy} isDisabled={isDisabled} onPress={() => run(() => onDo().then(onClose))}>
          {button}
        </Button>
      </div>
    </Dialog>
  );
}
