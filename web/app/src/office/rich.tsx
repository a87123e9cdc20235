import { Fragment, type ReactNode } from "react";

/** A sentence of ours in which what stands between asterisks is a name in somebody else's pages. */
export function Rich({ text }: { readonly text: string }): ReactNode {
  return parts(text).map(({ text: part, name }, i) =>
    // oxlint-disable-next-line react/no-array-index-key -- a sentence never changes its order
    name ? <b key={i} className="office-name">{part}</b> : <Fragment key={i}>{part}</Fragment>,
  );
}

/** The parts of such a sentence. An asterisk without another one stands for itself, as in ".*". */
export function parts(text: string): readonly { readonly text: string; readonly name: boolean }[] {
  const out: { text: string; name: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(/\*(?=\S)([^*]*[^*\s])\*/g)) {
    if (match.index > from) out.push({ text: text.slice(from, match.index), name: false });
    out.push({ text: match[1] ?? "", name: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) out.push({ text: text.slice(from), name: false });
  return out;
}
