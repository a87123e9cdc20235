import type { ReactNode } from "react";

type Token = readonly [text: string, kind?: "keyword" | "string" | "function" | "number" | "comment"];

/** The lines of the picture; those with a typist appear letter by letter. */
const lines: readonly { readonly tokens: readonly Token[]; readonly by?: "ada" | "ben" }[] = [
  { tokens: [["def", "keyword"], [" "], ["greet", "function"], ["(people):"]] },
  { tokens: [["    for", "keyword"], [" name "], ["in", "keyword"], [" people:"]], by: "ada" },
  { tokens: [["        print", "function"], ["("], ['f"Hello, {name}!"', "string"], [")"]] },
  { tokens: [[""]] },
  { tokens: [["greet", "function"], ["(["], ['"Ada"', "string"], [", "], ['"Ben"', "string"], ["])"]], by: "ben" },
];

/** Two people typing into one program: decoration, drawn with CSS alone. */
export function Picture(): ReactNode {
  return (
    <div className="picture" aria-hidden="true">
      <div className="picture-bar">
        <i />
        <span>main.py</span>
        <b className="p0">A</b>
        <b className="p1">B</b>
      </div>
      <div className="picture-code">
        {lines.map(({ tokens, by }, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- they never change
          <div className="picture-line" key={i}>
            <span className="picture-number">{i + 1}</span>
            <span className={by === undefined ? "picture-text" : `picture-text typed ${by}`} style={{ "--units": length(tokens) } as React.CSSProperties}>
              {tokens.map(([text, kind]) => (
                <span key={text} className={kind}>
                  {text}
                </span>
              ))}
            </span>
            {by === undefined ? null : (
              <span className={`picture-caret ${by} ${by === "ada" ? "p0" : "p1"}`} style={{ "--units": length(tokens) } as React.CSSProperties}>
                <em>{by === "ada" ? "Ada" : "Ben"}</em>
              </span>
            )}
          </div>
        ))}
      </div>
      <div className="picture-output">
        <span className="picture-exit">✓ exit 0</span>
        <span>Hello, Ada!</span>
        <span>Hello, Ben!</span>
      </div>
    </div>
  );
}

function length(tokens: readonly Token[]): number {
  return tokens.reduce((sum, [text]) => sum + text.length, 0);
}
