import { useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { AlertIcon } from "../../ui/icons";
import { number } from "../../lib/format";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import type { RunInfo } from "./use-run";

/** So many are shown at first. */
const few = 3;

/** What went wrong in the files of the room, as a list to go from place to place. */
export function ProblemList({ run }: { readonly run: Pick<RunInfo, "run" | "finish" | "request"> }): ReactNode {
  const session = useSession();
  const { run: words } = useWords();
  const files = useRoom((view) => view.files);
  const [opened, setOpened] = useState<number>();
  const explains = useRoom((view) => view.hints?.on === true);
  const { hints } = useWords();
  useStore(session.problems.came);
  const all = session.problems.problems(run, files);
  if (all.length === 0) return null;
  const shown = opened === run.run ? all : all.slice(0, few);
  return (
    <ul className="problems" aria-label={words.problems}>
      {shown.map((problem) => (
        <li key={`${problem.file}:${problem.line}:${problem.column ?? 0}:${problem.message}`}>
          <Button look="quiet" small className={`problem ${problem.warning ? "warning" : "error"}`} onPress={() => session.visit(run.run, problem)}>
            <AlertIcon size={13} />
            <span className="problem-place">
              {problem.name}:{problem.line}
            </span>
            <span className="problem-message">{problem.message}</span>
          </Button>
          {explains ? (
            <Button look="quiet" small className="problem-explain" onPress={() => session.hints.ask({ kind: "error", file: problem.file, line: problem.line })}>
              {hints.explainThis}
            </Button>
          ) : null}
        </li>
      ))}
      {shown.length < all.length ? (
        <li>
          <Button look="quiet" small className="problem-more" onPress={() => setOpened(run.run)}>
            {words.more(number(all.length - shown.length))}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}
