import { useEffect, useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useRoom, useSession } from "../context";
import { runWords } from "../output/run-words";

/** The one polite live region of the page: notices, the end of runs, and, now and then, what others do. */
export function LiveRegion(): ReactNode {
  const session = useSession();
  const note = useStore(session.notes.list).at(-1)?.text ?? "";
  const activity = useStore(session.activity.line);
  const people = useRoom((view) => view.people);
  const run = useRoom((view) => view.runs.at(-1));
  const online = useRoom((view) => view.connection === "online");
  const [words, setWords] = useState("");

  const running = run === undefined ? "" : `Program: ${runWords(run, (person) => people.find((p) => p.person === person)?.name ?? "somebody").text}`;
  useEffect(() => setWords(note), [note]);
  useEffect(() => setWords(activity), [activity]);
  useEffect(() => setWords(running), [running]);
  useEffect(() => setWords(online ? "" : "No connection. What you type is kept in this browser."), [online]);

  return (
    <div className="hidden" role="status" aria-live="polite" data-testid="live-region">
      {words}
    </div>
  );
}
