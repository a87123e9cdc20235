import { MergeView, unifiedMergeView } from "@codemirror/merge";
import type { Extension, Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { loadMode } from "../editor/modes";
import { pastText } from "./past-editor";

type Side = { readonly title: string; readonly text: Text };
type Props = { readonly before: Side; readonly after: Side; readonly mode: string };

const narrow = "(max-width: 899px)";

/** Two texts and what differs between them: beside each other, and in one where it is narrow. */
export function DiffView({ before, after, mode }: Props): ReactNode {
  const parent = useRef<HTMLDivElement>(null);
  const [language, setLanguage] = useState<Extension>([]);
  useEffect(() => {
    let gone = false;
    void loadMode(mode).then((loaded) => {
      if (!gone) setLanguage([loaded]);
    });
    return () => {
      gone = true;
    };
  }, [mode]);
  const { text: old, title: oldTitle } = before;
  const { text, title } = after;
  useEffect(() => {
    if (parent.current === null) return undefined;
    return build(parent.current, { text: old, title: oldTitle }, { text, title }, language);
  }, [old, text, oldTitle, title, language]);
  return (
    <div className="diff">
      <div className="diff-titles" aria-hidden="true">
        <span>{before.title}</span>
        <span>{after.title}</span>
      </div>
      <div className="diff-texts editor" ref={parent} />
    </div>
  );
}

function build(parent: HTMLElement, before: Side, after: Side, language: Extension): () => void {
  const common = { collapseUnchanged: { margin: 3, minSize: 8 }, gutter: true, diffConfig: { scanLimit: 2000, timeout: 500 } };
  if (matchMedia(narrow).matches) {
    const view = new EditorView({
      parent,
      doc: after.text,
      extensions: [pastText(after.title), language, unifiedMergeView({ ...common, original: before.text, mergeControls: false })],
    });
    return () => view.destroy();
  }
  const side = ({ title, text }: Side): { doc: Text; extensions: Extension } => ({ doc: text, extensions: [pastText(title), language, EditorView.lineWrapping] });
  const view = new MergeView({ parent, a: side(before), b: side(after), ...common });
  return () => view.destroy();
}
