import { useEffect, useId, useRef, useState, type MouseEvent, type ReactNode } from "react";
import type { ApiError } from "../lib/api";
import { copyText } from "../lib/clipboard";
import { go } from "../lib/route";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { AlertIcon, CheckIcon, CopyIcon } from "../ui/icons";
import { useWords } from "../words";
import { useDoing } from "./use-load";
import { useOfficeWords } from "./use-words";

type LinkProps = { readonly to: string; readonly className?: string; readonly current?: boolean; readonly children: ReactNode };

/** A link to another of these pages: a plain press stays in the page, and everything else is the browser's. */
export function PageLink({ to, className, current = false, children }: LinkProps): ReactNode {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} className={className} aria-current={current ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}

type PageProps = { readonly title: string; readonly lead?: ReactNode; readonly action?: ReactNode; readonly children: ReactNode };

/** One page: its title, which takes the focus when the page is gone to, a sentence on what it is for, and at most one loud button. */
export function Page({ title, lead, action, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – CodeCollab`;
    if (document.activeElement === document.body || document.activeElement?.closest(".office-nav") instanceof HTMLElement) heading.current?.focus();
  }, [title]);
  return (
    <article className="office-page">
      <header className="office-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </article>
  );
}

type SectionProps = { readonly title: string; readonly hint?: ReactNode; readonly children: ReactNode; readonly className?: string };

/** A part of a page under a heading of its own. */
export function Section({ title, hint, className = "", children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className={`office-section ${className}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint === undefined ? null : <p className="office-hint">{hint}</p>}
      {children}
    </section>
  );
}

/** What stands where a list has nothing in it: what would be there, and how to begin. */
export function Empty({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }): ReactNode {
  return (
    <div className="office-empty">
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {action}
    </div>
  );
}

type NoticeProps = { readonly kind: "info" | "good" | "warn" | "bad"; readonly children: ReactNode; readonly live?: boolean };

/** A sentence that must not be overlooked. */
export function Notice({ kind, children, live = false }: NoticeProps): ReactNode {
  return (
    <div className={`office-notice ${kind}`} role={live ? "alert" : undefined}>
      {kind === "good" ? <CheckIcon /> : <AlertIcon />}
      <div>{children}</div>
    </div>
  );
}

/** What went wrong with what was pressed last; nothing when all is well. */
export function Problem({ text, id }: { readonly text: string; readonly id?: string }): ReactNode {
  return (
    <p className="office-problem" role="alert" id={id}>
      {text}
    </p>
  );
}

/** In the place of what could not be loaded. */
export function Failed({ problem, onRetry }: { readonly problem: ApiError; readonly onRetry: () => void }): ReactNode {
  const w = useWords().frame;
  return (
    <div className="office-empty" role="alert">
      <p>{problem.message}</p>
      <Button onPress={onRetry}>{w.tryAgain}</Button>
    </div>
  );
}

/** A value that is copied from here to elsewhere: its name as it is there, itself, and a button. */
export function CopyField({ name, value, hint }: { readonly name: string; readonly value: string; readonly hint?: string }): ReactNode {
  return (
    <div className="office-copy">
      <span className="office-copy-name">
        {name}
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
      <code>{value}</code>
      <CopyButton value={value} of={name} />
    </div>
  );
}

/** A button that copies, and says for a moment that it has. */
export function CopyButton({ value, of }: { readonly value: string; readonly of: string }): ReactNode {
  const w = useWords().frame;
  const { copy } = useOfficeWords();
  const [state, setState] = useState<"" | "copied" | "failed">("");
  useEffect(() => {
    if (state === "") return undefined;
    const timer = setTimeout(() => setState(""), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <span className="office-copy-button">
      <Button small aria-label={`${copy}: ${of}`} onPress={() => void copyText(value).then((done) => setState(done ? "copied" : "failed"))}>
        {state === "copied" ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        {state === "copied" ? w.copied : copy}
      </Button>
      <output className="hidden">{state === "copied" ? `${of}: ${w.copied}` : state === "failed" ? w.noCopy : ""}</output>
    </span>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly problem?: string;
  readonly placeholder?: string;
  readonly type?: "text" | "password" | "url" | "search" | "date";
  readonly rows?: number;
  readonly code?: boolean;
  readonly required?: boolean;
};

/** A field with its label, what helps to fill it in, and what is wrong with what stands there. */
export function Field({ label, value, onChange, hint, problem = "", placeholder, type = "text", rows, code = false, required = false }: FieldProps): ReactNode {
  const id = useId();
  const common = {
    id,
    value,
    placeholder,
    required,
    spellCheck: false,
    autoComplete: "off",
    autoCapitalize: "off",
    className: `input${code ? " code" : ""}`,
    "aria-describedby": `${id}-hint`,
    "aria-invalid": problem !== "",
  };
  return (
    <div className="office-field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {rows === undefined ? (
        <input {...common} type={type} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <textarea {...common} rows={rows} onChange={(event) => onChange(event.target.value)} />
      )}
      <p className={problem === "" ? "office-field-hint" : "office-field-hint bad"} id={`${id}-hint`}>
        {problem === "" ? hint : problem}
      </p>
    </div>
  );
}

type CheckProps = { readonly on: boolean; readonly set: (on: boolean) => void; readonly text: string; readonly hint?: ReactNode; readonly isDisabled?: boolean };

/** A box to tick, with what it means below. */
export function Check({ on, set, text, hint, isDisabled = false }: CheckProps): ReactNode {
  return (
    <label className="office-check">
      <input type="checkbox" checked={on} disabled={isDisabled} onChange={(event) => set(event.target.checked)} />
      <span>
        {text}
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
    </label>
  );
}

type ConfirmProps = {
  readonly title: string;
  readonly text: ReactNode;
  readonly button: string;
  readonly danger?: boolean;
  readonly onDo: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  readonly isDisabled?: boolean;
};

/** Asks before something that cannot be taken back, does it, and stays when it failed. */
export function Confirm({ title, text, button, danger = true, onDo, onClose, children, isDisabled = false }: ConfirmProps): ReactNode {
  const w = useWords().frame;
  const { busy, problem, run } = useDoing();
  return (
    <Dialog title={title} alert onClose={onClose}>
      <p>{text}</p>
      {children}
      <Problem text={problem} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{w.cancel}</Button>
        <Button look={danger ? "stop" : "accent"} isPending={busy} isDisabled={isDisabled} onPress={() => run(() => onDo().then(onClose))}>
          {button}
        </Button>
      </div>
    </Dialog>
  );
}
