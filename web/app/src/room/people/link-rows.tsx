import { useEffect, useState, type ReactNode } from "react";
import { ApiError } from "../../lib/api";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { LinkRow } from "./link-row";
import { fetchLinks, type Links } from "./powers";

type Found = { readonly links: Links } | { readonly error: unknown };

/** The links that this person may hand on. */
export function LinkRows({ onAgain }: { readonly onAgain: () => void }): ReactNode {
  const { room } = useSession();
  const { people: w, frame } = useWords();
  const viewer = useRoom((view) => view.role === "viewer");
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    let left = false;
    fetchLinks(room).then(
      (links) => !left && setFound({ links }),
      (error: unknown) => !left && setFound({ error }),
    );
    return () => {
      left = true;
    };
  }, [room]);
  if (found === undefined) return <p aria-busy="true">{frame.loading}</p>;
  if ("error" in found) {
    return (
      <div className="share-open">
        <p role="alert" className="problem">
          {found.error instanceof ApiError ? found.error.message : w.share.failed}
        </p>
        <Button small onPress={onAgain}>
          {frame.tryAgain}
        </Button>
      </div>
    );
  }
  const { links } = found;
  const change = (next: Links): void => setFound({ links: { ...links, ...next } });
  return (
    <>
      {viewer ? null : <LinkRow which="editor" path={links.editor} onChange={change} />}
      <LinkRow which="viewer" path={links.viewer} onChange={change} />
    </>
  );
}
