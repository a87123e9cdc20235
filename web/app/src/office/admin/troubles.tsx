/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { AlertIcon } from "../../ui/icons";
import { PageLink } from "../parts";
import { fetchTroubles } from "./status";
import { usePolled } from "./use-polled";
import { sentencesOf, useStatusWords } from "./use-status-words";
import "./troubles.css";

const every = 30_000;

/** A line for administrators, when something of the installation needs somebody. Otherwise nothing. */
export function Troubles(): ReactNode {
  const w = useStatusWords();
  const [{ data }] = usePolled("troubles", every, fetchTroubles);
  const first = data?.[0];
  if (first === undefined) return null;
  return (
    <output className={`troubles${first.bad ? " bad" : ""}`}>
      <AlertIcon size={14} />
      <span>{w.banner(sentencesOf(w, first)[0], (data?.length ?? 1) - 1)}</span>
      <PageLink to="/admin/status">{w.look}</PageLink>
    </output>
  );
}
