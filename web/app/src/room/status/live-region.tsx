import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { useStore } from "../../lib/store";
import { useRoom, useSession } from "../context";
import { runWords } from "../output/run-words";

/** The one polite live region of the page: notices, how runs stand, and, now and then, what others do. */
export function LiveRegion(): ReactNode {
  const session = useSession();
  const note = useStore(session.notes.list).at(-1)?.text ?? "";
  const activity = useStore(session.activity.line);
  const online = useRoom((view) => view.connection === "online");
  const running = useRoom((view) => {
    const run = view.runs.at(-1);
    const nameOf = (person: string): string => view.people.find((p) => p.person === person)?.name ?? "somebody";
    return run === undefined ? "" : `Program: ${runWords(run, nameOf).text}`;
  });
  const region = useRef<HTMLOutputElement>(null);

  // What was said last is what stands there.
  useSaying(region, note);
  useSaying(region, activity);
  useSaying(region, running);
  useSaying(region, online ? "" : "No connection. What you type is kept in this browser.");

  return <output className="hidden" aria-live="polite" data-testid="live-region" ref={region} />;
}

/** Says a text when it changes; not what it is at the start. */
function useSaying(region: RefObject<HTMLElement | null>, text: string): void {
  const said = useRef(text);
  useEffect(() => {
    if (said.current === text || region.current === null) return;
    said.current = text;
    region.current.textContent = text;
  }, [region, text]);
}
