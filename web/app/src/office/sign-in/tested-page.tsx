import { useEffect, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Notice, Page } from "../parts";
import { useGuideWords } from "../use-words";
import { StepList } from "./step-list";
import { stepsOf, tell } from "./tested";

/** What the window of a test shows at its end, and tells the page that has opened it. */
export function TestedPage({ connection }: { readonly connection: string }): ReactNode {
  const w = useGuideWords();
  const [steps] = useState(() => stepsOf(location.hash));
  useEffect(() => tell({ connection, steps }), [connection, steps]);
  return (
    <Page title={w.test}>
      {steps.length === 0 ? <Notice kind="bad">{w.testedNothing}</Notice> : <StepList steps={steps} title={w.fromProvider} heading="h2" />}
      <p className="office-hint">{w.testedBack}</p>
      <div className="office-actions">
        <Button look="accent" onPress={() => window.close()}>
          {w.testedClose}
        </Button>
      </div>
    </Page>
  );
}
