// Writes testdata/ot/*.json: what @codemirror/state itself does with a few thousand changes, for the Go tests (and for
// a JavaScript test, against a later version of the library). testdata/ot/README.md has the format. The output
// depends on nothing but the library: run it again and git shows no difference.
//
//   node scripts/ot-vectors.mjs

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../web/package.json", import.meta.url));
const { ChangeSet, Text } = require("@codemirror/state");
const folder = new URL("../testdata/ot/", import.meta.url);

// mulberry32, a small random generator with a seed.
let state = 20_231_104;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

// Each piece is whole characters; some are several code points, and an edit may come between those.
const pieces = [
  ..."abcdefgh01 ", ..."abcd", "\n", "\n", "\t", '"', "\\", "/", "\b", "\f", "\u0000", "\u001f", "\u007f",
  "é", "e\u0301", "ß", "界", "\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff", "<&>",
  "😀", "😀", "👩‍👩‍👧", "🇩🇪", "\u{10000}", "\u{10ffff}", "שלום", "\u202eمرحبا\u202c",
];
const plain = [..."abc", "\n", "😀"];

function text(max, from = pieces) {
  let s = "";
  for (let n = below(max + 1); n > 0; n--) s += pick(from);
  return s;
}

const splits = (doc, pos) => {
  const c = doc.charCodeAt(pos - 1), d = doc.charCodeAt(pos);
  return c >= 0xd800 && c < 0xdc00 && d >= 0xdc00 && d < 0xe000;
};
function place(doc, from = 0) {
  const pos = from + below(doc.length - from + 1);
  return splits(doc, pos) ? pos + 1 : pos;
}

// A text of the library whose only line separator is \n.
const doc = (s) => Text.of(s.split("\n"));
const apply = (set, s) => set.apply(doc(s)).toString();

// A change to the document s that cuts no character in two, in one of the shapes that a client may send.
function change(s, from) {
  switch (below(8)) {
    case 0: return ChangeSet.empty(s.length);
    case 1: { // one after the other, composed
      const a = several(s, 2, from);
      const b = several(apply(a, s), 2, from);
      return a.compose(b);
    }
    case 2: { // an undo
      const a = several(s, 3, from);
      return a.compose(a.invert(doc(s)));
    }
    case 3: { // rebased
      const a = several(s, 3, from);
      const b = several(s, 3, from);
      return a.compose(b.map(a));
    }
    case 4: return several(s, 6, from);
    default: return several(s, 2, from);
  }
}

function several(s, max, from) {
  const specs = [];
  let pos = 0;
  for (let n = 1 + below(max); n > 0; n--) {
    const start = random() < 0.4 ? pos : place(s, pos); // often right after the last
    const end = random() < 0.5 ? start : Math.min(place(s, start), s.length);
    specs.push({ from: start, to: end, insert: doc(random() < 0.3 ? "" : text(4, from)) });
    pos = end;
  }
  if (random() < 0.2) specs.reverse(); // CodeMirror then maps and composes them itself
  return ChangeSet.of(specs, s.length);
}

function write(name, cases) {
  const body = `[\n${cases.map((c) => JSON.stringify(c)).join(",\n")}\n]\n`;
  writeFileSync(new URL(name, folder), body);
  console.log(`${name}: ${cases.length} cases, ${Buffer.byteLength(body)} bytes`);
}

const times = (n, f) => Array.from({ length: n }, (_, i) => f(i));
// Half of the documents are of few letters, where changes meet more often and ties matter.
const letters = (i) => (i % 2 ? plain : pieces);
const size = (i) => [2, 6, 6, 12, i % 4 ? 20 : 0][i % 5];

write("map.json", times(3000, (i) => {
  const s = text(size(i), letters(i));
  const a = change(s, letters(i)), b = change(s, letters(i));
  return { doc: s, a, b, after: a.map(b), before: a.map(b, true) };
}));
write("compose.json", times(2000, (i) => {
  const s = text(size(i), letters(i));
  const a = change(s, letters(i)), b = change(apply(a, s), letters(i));
  return { doc: s, a, b, want: a.compose(b) };
}));
write("apply.json", times(1500, (i) => {
  const s = text(size(i) * 2, letters(i));
  const a = change(s, letters(i));
  return { doc: s, a, want: apply(a, s), invert: a.invert(doc(s)) };
}));
write("mappos.json", times(500, (i) => {
  const s = text(size(i), letters(i));
  const a = change(s, letters(i));
  const all = (assoc) => times(s.length + 1, (pos) => a.mapPos(pos, assoc));
  return { a, before: all(-1), after: all(1) };
}));

// What fromJSON makes of an input, and what CodeCollab does: null is refused.
const inputs = [
  "[]", "[0]", "[5]", " [ 5 ] ", "\t[\n5\r]", "[5,5]", "[0,0]", "[[0]]", "[[1]]", "[[1],[2]]", '[[0,"a"]]', '[[0,"a"],[0,"b"]]',
  '[[1,"a"],[1,"b"]]', '[[1],[0,"b"]]', '[[0,"b"],[1]]', '[3,[0,""],4]', '[[0,""]]', '[[2,""]]', '[[0,"",""]]', '[[0,"a","","b"]]', '[[0,"a","b"],[0,"c",""],[0,"","d"]]',
  '[1,[0,"a"],0,[0,"b"],1]', '[[0],[0,"x"],[0]]', '[ [ 0 , "a" , "b" ] , 5 ]', '[[0,"\\u0041\\u00e9"]]', '[[0,"é"]]', '[[0,"\\ud83d\\ude00"]]', '[[0,"\\uD83D\\uDE00"]]', '[[0,"😀"]]',
  '[[0,"\\"\\\\\\/\\b\\f\\t"]]', '[[0,"\\u0000\\u001F\\u007f\\u2028\u2028"]]', '[[0,"</script>&"]]', "[1073741824]", "[1000000000,[0,\"a\"]]",
  // refused by both
  "", " ", "null", "5", '"a"', "{}", "true", "[", "]", "[5", "[5,", "[5,]", "[,5]", "[5 5]", "[5]]", "[5][]", "[5]x", "[null]", "[true]", '["a"]', "[{}]", '[{"length":1}]',
  "[[]]", '[["a"]]', "[[null]]", '[[0,1]]', '[[0,null]]', '[[0,["a"]]]', '[[0,"a",1]]', '[[[0],"a"]]', "[[0,]]", '[[0,"a",]]', '[[0 "a"]]', "[[0", '[[0,"a', '[[0,"a"', '[[0,"a"]', '[[0,"\\', '[[0,"\\u',
  '[[0,"\\u12"]]', '[[0,"\\u12g4"]]', '[[0,"\\x41"]]', '[[0,"\\\'"]]', "[[0,'a']]", '[[0,"\n"]]', '[[0,"\t"]]', '[[0,"\u0000"]]', "[05]", "[00]", "[+5]", "[.5]", "[5.]", "[0x5]", "[1e]", "[NaN]", "[Infinity]", "[-]", "[--1]", "[1_000]",
  "\ufeff[5]", "[5]\u0000", "[\u00a05]", "[5]// c", "[undefined]", "[5n]",
  // refused by CodeCollab only
  "[-1]", "[-0]", "[[-1]]", '[[-1,"a"]]', "[1.5]", "[5.0]", "[5e0]", "[5E2]", "[[0.5]]", "[1073741825]", "[1073741824,[0,\"a\"]]", "[1073741823,2]", "[1e400]", "[99999999999999999999]", "[9007199254740993]", "[18446744073709551621]",
  '[[0,"\\ud83d"]]', '[[0,"\\ude00"]]', '[[0,"\\ude00\\ud83d"]]', '[[0,"\\ud83dx"]]', '[[0,"\\ud83d\\u0041"]]', '[[0,"\\ud83d","\\ude00"]]', '[[0,"\\ud83d"],[0,"\\ude00"]]', '[[0,"\\ud83d\\ud83d\\ude00"]]',
  '[[0,"a\\nb"]]', '[[0,"a\\rb"]]', '[[0,"a\\r\\nb"]]', '[[0,"\\u000a"]]', '[[0,"\\u000D"]]',
];

function fromJSON(json) {
  try {
    return ChangeSet.fromJSON(JSON.parse(json));
  } catch {
    return null;
  }
}

// The canonical form, as the library's own builder makes it of the same sections. Two neighbouring replacements
// stay apart, which is why this does not go through ChangeSet.of.
function canonical(set) {
  const out = [];
  for (const part of set.toJSON()) {
    const [len, ...lines] = typeof part === "number" ? [part] : part;
    const sort = typeof part === "number" ? "keep" : lines.join("\n") === "" ? "delete" : len === 0 ? "insert" : "replace";
    if (len === 0 && sort !== "insert") continue;
    const last = out.at(-1);
    if (last?.sort === sort && sort !== "replace") {
      last.len += len;
      last.text += lines.join("\n");
    } else out.push({ sort, len, text: lines.join("\n") });
  }
  return out.map((s) => (s.sort === "keep" ? s.len : s.sort === "delete" ? [s.len] : [s.len, ...s.text.split("\n")]));
}

function strict(json, set) {
  const numbers = set.toJSON().map((part) => (typeof part === "number" ? part : part[0]));
  const lines = set.toJSON().flatMap((part) => (typeof part === "number" ? [] : part.slice(1)));
  const literal = json.replace(/"(\\.|[^"\\])*"/g, ""); // without the strings
  return !/[-.eE]/.test(literal) && numbers.every((n) => Number.isInteger(n)) &&
    Math.max(set.length, set.newLength) <= 2 ** 30 && lines.every((l) => l.isWellFormed() && !/[\r\n]/.test(l));
}

write("parse.json", inputs.map((json) => {
  const set = fromJSON(json);
  return { json, js: set !== null, want: set && strict(json, set) ? canonical(set) : null };
}));
