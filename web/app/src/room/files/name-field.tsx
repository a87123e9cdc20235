import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { nameProblem } from "./names";

type Props = {
  readonly title: string;
  readonly action: string;
  readonly value: string;
  readonly taken: readonly string[];
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
};

/** Asks for a file's name, in a small dialog with the name (without its ending) selected. */
export function NameField({ title, action, value, taken, onDone, onCancel }: Props): ReactNode {
  const [name, setName] = useState(value);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const problem = nameProblem(name, taken);

  useEffect(() => {
    const point = value.lastIndexOf(".");
    field.current?.focus();
    field.current?.setSelectionRange(value.lastIndexOf("/") + 1, point > 0 ? point : value.length);
  }, [value]);

  return (
    <Dialog title={title} onClose={onCancel}>
      <form
        className="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problem === undefined) onDone(name.trim());
        }}
      >
        <input
          ref={field}
          className="input mono"
          aria-label="File name"
          aria-invalid={tried && problem !== undefined}
          aria-describedby="name-problem"
          value={name}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <p className="problem" id="name-problem" role="alert">
          {problem !== undefined && (tried || name !== value) ? problem : ""}
        </p>
        <div className="dialog-actions">
          <Button onPress={onCancel}>Cancel</Button>
          <Button look="accent" type="submit">
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
