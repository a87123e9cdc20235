import { useEffect, useState } from "react";
import { useStore } from "../../lib/store";
import { locale, words, type Words } from "../../words";
import type { RoomSession } from "../session";
import { HistoryApi, type BlameAnswer } from "./api";
import { blameLines } from "./lines";
import type { PastFile } from "./moment";
import type { BlameMark } from "./past-editor";
import { brief, when } from "./time";
import type { Visit } from "./visit";

/** The name and the colour of somebody. */
export type Person = { readonly name: string; readonly color: number };

type Blame = { readonly marks?: readonly BlameMark[]; readonly failed: boolean };

/** Who wrote the lines of a file at a version; asked for while it is wanted. */
export function useBlame(visit: Visit, wanted: boolean, version: number, file: PastFile): Blame {
  const [blame, setBlame] = useState<Blame>({ failed: false });
  const tongue = useStore(locale);
  useEffect(() => {
    if (!wanted) return undefined;
    const ask = new AbortController();
    visit.api.blame(version, file.id, ask.signal).then(
      (answer) => setBlame({ marks: marksOf(file, answer, tongue), failed: false }),
      () => {
        if (!ask.signal.aborted) setBlame({ failed: true });
      },
    );
    return () => {
      ask.abort();
      setBlame({ failed: false });
    };
  }, [visit, wanted, version, file, tongue]);
  return blame;
}

/** The authors of the lines of a text. */
export function marksOf(file: Pick<PastFile, "text">, answer: BlameAnswer, tongue: string): readonly BlameMark[] {
  const w = words.get().history;
  const people = new Map(answer.people.map((p) => [p.person, p]));
  const nameOf = (id: string): string => people.get(id)?.name ?? w.somebody;
  return blameLines(file.text, answer).map((line, i) => {
    const name = nameOf(line.by);
    const at = line.version === 0 ? "" : when(line.at, tongue);
    const others = line.others.map(nameOf).join(", ");
    return { ...line, name, color: people.get(line.by)?.color ?? 0, brief: brief(line.at, Date.now(), tongue), words: inWords(w, i + 1, name, at, others) };
  });
}

function inWords(w: Words["history"], line: number, name: string, at: string, others: string): string {
  return `${w.line(line, name, at)}${others === "" ? "" : ` (${w.andOthers(others)})`}`;
}

/** Tells, in a note, who wrote the line of the live editor that the caret is in. */
export async function tellLine(session: RoomSession): Promise<void> {
  const { client, notes, editor } = session;
  const w = words.get().history;
  const { save } = client.view();
  const file = session.file.get();
  if (file === undefined) return;
  if (save.kind !== "saved") {
    notes.info(w.wait);
    return;
  }
  const { line } = editor.place.get();
  const text = client.text(file);
  try {
    const mark = marksOf({ text }, await new HistoryApi(session.room).blame(save.version, file), locale.get())[line - 1];
    notes.info(mark === undefined || mark.version === 0 ? w.nobody : mark.words);
  } catch (error) {
    notes.error(error instanceof Error ? error.message : w.blameFailed);
  }
}
