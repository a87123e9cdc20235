import { Fragment, type ReactNode } from "react";
import type { GuideStep } from "../../words/en/office-guide";
import { CopyField } from "../parts";
import { Rich } from "../rich";
import { Step } from "./step";

type Props = { readonly n: number; readonly step: GuideStep; readonly values: Readonly<Record<string, string>>; readonly done: boolean };

/** A step at the provider: where in its pages, what to press, and what goes into which field. */
export function GuideStepView({ n, step, values, done }: Props): ReactNode {
  return (
    <Step n={n} title={step.title} done={done}>
      {step.path === undefined ? null : <Trail path={step.path} />}
      <ul className="office-does">
        {step.does.map((line) => (
          <li key={line}>
            <Rich text={line} />
          </li>
        ))}
      </ul>
      {step.values === undefined ? null : (
        <div className="office-copies">
          {step.values.map(([field, value]) => (
            <CopyField key={field} name={field} value={value.startsWith("=") ? value.slice(1) : (values[value] ?? value)} />
          ))}
        </div>
      )}
      {step.note === undefined ? null : (
        <p className="office-hint">
          <Rich text={step.note} />
        </p>
      )}
    </Step>
  );
}

/** A way through the menus of somebody else's pages. */
function Trail({ path }: { readonly path: readonly string[] }): ReactNode {
  return (
    <p className="office-trail">
      {path.map((name, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- a name can stand there twice
        <Fragment key={i}>
          {i === 0 ? null : <span aria-hidden="true"> › </span>}
          <b className="office-name">{name}</b>
        </Fragment>
      ))}
    </p>
  );
}
