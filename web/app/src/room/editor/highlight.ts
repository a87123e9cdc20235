import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags as t } from "@lezer/highlight";

/** Colours of code. They are custom properties, so that a theme changes without the editor noticing. */
export const codeStyle = HighlightStyle.define([
  { tag: [t.keyword, t.modifier, t.operatorKeyword, t.controlKeyword, t.definitionKeyword, t.moduleKeyword], color: "var(--syn-keyword)" },
  { tag: [t.string, t.special(t.string), t.regexp, t.character, t.docString], color: "var(--syn-string)" },
  { tag: [t.number, t.integer, t.float, t.escape], color: "var(--syn-number)" },
  { tag: [t.bool, t.null, t.atom, t.self], color: "var(--syn-constant)" },
  { tag: [t.comment, t.lineComment, t.blockComment, t.docComment, t.meta], color: "var(--syn-comment)" },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.macroName, t.labelName], color: "var(--syn-function)" },
  { tag: t.definition(t.function(t.variableName)), color: "var(--syn-function)", fontWeight: "600" },
  { tag: [t.typeName, t.className, t.namespace, t.standard(t.typeName)], color: "var(--syn-type)" },
  { tag: t.definition(t.className), color: "var(--syn-type)", fontWeight: "600" },
  { tag: [t.tagName, t.attributeName, t.annotation], color: "var(--syn-function)" },
  { tag: t.heading, fontWeight: "600" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.strong, fontWeight: "600" },
  { tag: [t.link, t.url], color: "var(--accent)", textDecoration: "underline" },
  { tag: t.invalid, color: "var(--syn-invalid)" },
]);

/** The same, for an editor. */
export const highlighting = syntaxHighlighting(codeStyle);
