import { useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { words } from "../../words";
import { useRoom, useSession } from "../context";
import { runWords } from "../output/run-words";

/** The one polite live region of the page: notices, how runs stand, and, now and then, what others do. */
export function LiveRegion(): ReactNode {
  const session = useSession();
  const note = useStore(session.notes.list).at(-1)?.text ?? "";
  const activity = useStore(session.activity.line);
  const heard = useStore(session.chat.heard);
  const online = useRoom((view) => view.connection === "online");
  const running = useRoom((view) => {
    const run = view.runs.at(-1);
    const nameOf = (person: string): string => view.people.find((p) => p.person === person)?.name ?? words.get().frame.said.somebody;
    return run === undefined ? "" : words.get().frame.said.program(runWords(run, nameOf).text);
  });

  // What was said last is what stands there.
  const [saying, setSaying] = useState("");
  const connection = online ? "" : words.get().frame.said.offline;
  const now = { note, activity, running, connection, heard };
  const [before, setBefore] = useState(now);
  const changed = (["connection", "note", "running", "heard", "activity"] as const).find((key) => before[key] !== now[key]);
  if (changed !== undefined) {
    setBefore(now);
    setSaying(now[changed]);
  }

  return (
    <output className="hidden" aria-live="polite" data-testid="live-region">
      {saying}
    </output>
  );
}
