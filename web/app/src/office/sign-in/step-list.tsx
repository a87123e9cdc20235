import type { ReactNode } from "react";
import { number } from "../../lib/format";
import { CheckIcon, CloseIcon } from "../../ui/icons";
import type { Step } from "../api";
import { useGuideWords } from "../use-words";
import { works } from "./tested";

type Props = { readonly steps: readonly Step[]; readonly title: string; readonly heading?: "h2" | "h3" };

/** What was tried, one after the other: what works in one line, what does not with what to do about it. */
export function StepList({ steps, title, heading: Heading = "h3" }: Props): ReactNode {
  const w = useGuideWords();
  const bad = steps.filter(({ ok }) => !ok).length;
  return (
    <div className="office-tried">
      <Heading>{title}</Heading>
      <ol>
        {steps.map((step, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- what was tried can have been tried twice
          <li key={i} data-ok={step.ok}>
            <span className="office-tried-mark">
              {step.ok ? <CheckIcon size={13} /> : <CloseIcon size={13} />}
              <span className="hidden">{step.ok ? w.stepOk : w.stepBad}: </span>
            </span>
            <div>
              <strong>{w.tried[step.name] ?? step.name.replaceAll("_", " ")}</strong>
              {step.detail === "" ? null : <p>{step.detail}</p>}
              {step.ok || step.fix === "" ? null : (
                <p className="office-fix">
                  <b>{w.fix}</b> {w.fixes[step.fix] ?? step.fix}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      <output className={works(steps) ? "office-verdict good" : "office-verdict bad"}>
        {bad === 0 ? w.good : works(steps) ? w.nearly : w.bad(number(bad))}
      </output>
    </div>
  );
}
