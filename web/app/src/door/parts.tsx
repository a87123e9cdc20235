import { useEffect, useId, useRef, useState, type InputHTMLAttributes, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { copyText } from "../lib/clipboard";
import { go } from "../lib/route";
import { Button, IconButton } from "../ui/button";
import { AlertIcon, CheckIcon, CopyIcon, EyeIcon } from "../ui/icons";
import { Mark, Wordmark } from "../ui/logo";
import { LookMenu } from "../ui/look-menu";
import { useWords } from "../words";
import { MeMenu } from "./me-menu";
import { usePages } from "./use-words";

type ShellProps = {
  readonly title: string;
  readonly lead?: string;
  /** Wider than one column of fields. */
  readonly wide?: boolean;
  /** Whether the bar shows who is signed in. */
  readonly me?: boolean;
  readonly children: ReactNode;
};

/** What all of these pages have around them: a bar, and one column under a title. */
export function Shell({ title, lead, wide = false, me = false, children }: ShellProps): ReactNode {
  const w = usePages();
  const [problem, setProblem] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · CodeCollab`;
    // Whoever has come here by the keyboard goes on from here; a field that takes the focus by itself keeps it.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div className={`door${wide ? " wide" : ""}`}>
      <header className="door-header">
        <Link className="home" href="/" aria-label={w.home} onPress={() => go("/")}>
          <Mark size={24} />
          <Wordmark size={16} />
        </Link>
        <span className="door-header-end">
          <LookMenu onProblem={setProblem} />
          {me ? <MeMenu onProblem={setProblem} /> : null}
        </span>
      </header>
      <main className="door-main">
        <div className="door-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </div>
        {children}
        <p className="problem" role="alert">
          {problem}
        </p>
      </main>
    </div>
  );
}

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value" | "className"> & {
  readonly label: string;
  readonly value: string;
  readonly onText: (value: string) => void;
  readonly hint?: string | undefined;
  /** What is wrong with what stands there; it takes the place of the hint. */
  readonly problem?: string | undefined;
  /** Whether it takes the focus when it appears. */
  readonly first?: boolean;
};

/** A field with its label, and below it what helps to fill it in. */
export function Field({ label, value, onText, hint = "", problem = "", first = false, ...rest }: FieldProps): ReactNode {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) field.current?.focus();
  }, [first]);
  const below = problem === "" ? hint : problem;
  return (
    <div className="door-field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        ref={field}
        className="input"
        value={value}
        spellCheck={false}
        autoCapitalize="off"
        aria-describedby={below === "" ? undefined : `${id}-hint`}
        aria-invalid={problem !== ""}
        onChange={(event) => onText(event.target.value)}
      />
      {below === "" ? null : (
        <p className={problem === "" ? "hint" : "hint bad"} id={`${id}-hint`}>
          {below}
        </p>
      )}
    </div>
  );
}

/** A field for a password, which can be looked at. */
export function PasswordField(props: FieldProps): ReactNode {
  const w = usePages();
  const [shown, setShown] = useState(false);
  return (
    <div className="door-password">
      <Field {...props} type={shown ? "text" : "password"} autoCorrect="off" />
      <IconButton small name={shown ? w.hide : w.show} aria-pressed={shown} onPress={() => setShown(!shown)}>
        <EyeIcon size={14} />
      </IconButton>
    </div>
  );
}

/** A sentence that must not be overlooked. */
export function Notice({ kind = "warn", children }: { readonly kind?: "warn" | "good" | "info"; readonly children: ReactNode }): ReactNode {
  return (
    <div className={`door-notice ${kind}`} role={kind === "warn" ? "alert" : "status"}>
      {kind === "good" ? <CheckIcon /> : <AlertIcon />}
      <div>{children}</div>
    </div>
  );
}

/** What went wrong with what was pressed last; stale offers to sign in once more. */
export function Problem({ text, stale = false }: { readonly text: string; readonly stale?: boolean }): ReactNode {
  const { door } = useWords();
  return (
    <>
      <p className="problem" role="alert">
        {text}
      </p>
      {stale ? <Button onPress={() => go("/signin?again=1&to=%2Faccount")}>{door.out.again}</Button> : null}
    </>
  );
}

/** A line with a word in its middle. */
export function Or(): ReactNode {
  return <p className="door-or">{usePages().or}</p>;
}

/** A button that is as wide as the column, with a spinner while it works. */
export function Wide({ busy = false, children, ...rest }: Parameters<typeof Button>[0] & { readonly busy?: boolean }): ReactNode {
  return (
    <Button {...rest} className="door-button" isPending={busy}>
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      {children}
    </Button>
  );
}

/** A value that is copied from here, with a button that does it. */
export function CopyRow({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  const w = useWords().frame;
  const p = usePages();
  const [state, setState] = useState<"" | "copied" | "failed">("");
  return (
    <div className="door-copy">
      <input className="input" readOnly aria-label={name} value={value} onFocus={(event) => event.target.select()} />
      <Button onPress={() => void copyText(value).then((done) => setState(done ? "copied" : "failed"))}>
        {state === "copied" ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        {state === "copied" ? w.copied : p.copy}
      </Button>
      <output className="hidden">{state === "copied" ? w.copied : state === "failed" ? w.noCopy : ""}</output>
    </div>
  );
}
