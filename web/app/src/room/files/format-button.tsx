import type { ReactNode } from "react";
import { catalogue, languageOf } from "../../lib/languages";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { FormatIcon } from "../../ui/icons";
import { Tip } from "../../ui/tooltip";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";

/** The button that formats the shown file; it is there for languages that have a formatter on this server. */
export function FormatButton({ file, name }: { readonly file: string; readonly name: string }): ReactNode {
  const session = useSession();
  const words = useWords().files;
  const { list } = useStore(catalogue);
  const preferred = useRoom((view) => view.language);
  const online = useRoom((view) => view.connection === "online");
  const busy = useStore(session.formatting.busy);
  const language = languageOf(name, list, preferred);
  if (language === undefined || !language.formats) return null;
  return (
    <Tip text={online ? words.formatTip : words.noConnection} keys="Shift+Alt+F">
      <Button look="quiet" small className="format-button" isDisabled={!online} isPending={busy} onPress={() => void session.formatting.format(file)}>
        {busy ? <span className="spinner" aria-hidden="true" /> : <FormatIcon size={14} />} {words.format}
      </Button>
    </Tip>
  );
}
