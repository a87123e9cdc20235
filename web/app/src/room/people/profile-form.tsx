import { useEffect, useRef, useState, type ReactNode } from "react";
import { cleanName, identity, initials, setIdentity } from "../../lib/identity";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { useWords } from "../../words";

/** Changes the user's own name and colour. */
export function ProfileForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { people: w, frame } = useWords();
  const me = useStore(identity);
  const [name, setName] = useState(me.name);
  const [color, setColor] = useState(me.color);
  const field = useRef<HTMLInputElement>(null);
  const clean = cleanName(name);
  useEffect(() => field.current?.select(), []);

  return (
    <form
      className="profile"
      onSubmit={(event) => {
        event.preventDefault();
        if (clean === "") return;
        setIdentity({ name: clean, color }).then(onDone, onDone); // an account's that was not taken shows as it was
      }}
    >
      <label>
        <span className="label">{w.profile.name}</span>
        <input ref={field} className="input" value={name} maxLength={60} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      <fieldset>
        <legend className="label">{w.profile.color}</legend>
        <div className="swatches">
          {w.colors.map((word, i) => (
            <label key={word} className={`swatch p${i}`} title={word}>
              <input type="radio" name="color" aria-label={word} checked={i === color} onChange={() => setColor(i)} />
              <span aria-hidden="true">{i === color ? initials(clean) : ""}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="dialog-actions">
        <Button onPress={onDone}>{frame.cancel}</Button>
        <Button look="accent" type="submit" isDisabled={clean === ""}>
          {frame.save}
        </Button>
      </div>
    </form>
  );
}
