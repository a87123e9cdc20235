import type { ReactNode } from "react";
import { catalogue } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

/** A quiet line over an empty file: its language's sample program can be had. */
export function SampleOffer({ file }: { readonly file: string }): ReactNode {
  const session = useSession();
  const { editor } = useWords();
  const empty = useStore(session.editor.empty);
  useStore(catalogue);
  useRoom((view) => view.files);
  useRoom((view) => view.language);
  const language = session.sampleFor(file);
  if (!empty || language === undefined) return null;
  return (
    <div className="sample-offer">
      <span aria-hidden="true">{editor.typeOr}</span>
      <Button look="quiet" small onPress={() => session.insertSample(file, language)}>
        {editor.insertSample}
      </Button>
    </div>
  );
}
