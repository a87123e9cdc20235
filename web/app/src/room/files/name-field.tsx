import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { nameProblem } from "./names";

type Props = {
  readonly title: string;
  readonly action: string;
  readonly hint: string;
  readonly value: string;
  /** The part of the value that is selected at first; without it, the last part of the path without its ending. */
  readonly select?: { readonly from: number; readonly to: number } | undefined;
  readonly taken: readonly string[];
  /** What else is wrong with a name, in words. */
  readonly problem?: (name: string) => string | undefined;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
  /** What stands below the field, for the name in it. */
  readonly children?: (name: string) => ReactNode;
};

/** Asks for the path of a file, in a small dialog. */
export function NameField({ title, action, hint, value, select, taken, problem, onDone, onCancel, children }: Props): ReactNode {
  const words = useWords().files;
  const [name, setName] = useState(value);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wrong = nameProblem(name, taken) ?? problem?.(name.trim());
  const told = wrong !== undefined && (tried || name !== value);

  const [first] = useState(() => {
    const start = value.lastIndexOf("/") + 1;
    const point = value.lastIndexOf(".");
    return select ?? { from: start, to: point > start ? point : value.length };
  });
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(first.from, first.to);
  }, [first]);

  return (
    <Dialog title={title} onClose={onCancel}>
      <form
        className="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wrong === undefined) onDone(name.trim());
        }}
      >
        <input
          ref={field}
          className="input mono"
          aria-label={words.fileName}
          aria-invalid={tried && wrong !== undefined}
          aria-describedby="name-problem"
          value={name}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <p className={told ? "problem" : "hint"} id="name-problem" role={told ? "alert" : undefined}>
          {told ? wrong : hint}
        </p>
        {children?.(name)}
        <div className="dialog-actions">
          <Button onPress={onCancel}>{words.cancel}</Button>
          <Button look="accent" type="submit">
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
