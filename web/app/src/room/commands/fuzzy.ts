/** A text as it is compared: small letters, without accents, ß as ss. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

function beginsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}

/** How well one word is found in a text: whole, best at the beginning of a word; or its letters in order, the first of them at one. */
function scoreWord(word: string, text: string): number | undefined {
  let inside: number | undefined;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (beginsWord(text, at)) return 100 - at / 10;
    inside ??= at;
  }
  if (inside !== undefined) return 60 - inside / 10;
  let score = 0;
  let from = 0;
  for (const [i, letter] of [...word].entries()) {
    let at = text.indexOf(letter, from);
    // Letters that begin words first: "gtl" is "Go to a line".
    for (let next = at; next >= 0; next = text.indexOf(letter, next + 1)) {
      if (!beginsWord(text, next)) continue;
      at = next;
      break;
    }
    if (at < 0 || (i === 0 && !beginsWord(text, at))) return undefined;
    score += beginsWord(text, at) ? 8 : at === from ? 4 : 1;
    from = at + 1;
  }
  return Math.min(40, score);
}

/** How well a text answers to what was typed: more is better, undefined is not at all. Every word typed must be found. */
export function fuzzy(query: string, text: string): number | undefined {
  const target = plain(text);
  let sum = 0;
  for (const word of plain(query).split(/\s+/).filter((w) => w !== "")) {
    const score = scoreWord(word, target);
    if (score === undefined) return undefined;
    sum += score;
  }
  return sum - target.length / 100;
}

/** The items that answer to what was typed, the best first; all of them, in their order, when nothing was typed. */
export function best<T>(items: readonly T[], query: string, text: (item: T) => string): readonly T[] {
  if (query.trim() === "") return items;
  return items
    .map((item) => ({ item, score: fuzzy(query, text(item)) }))
    .filter((found): found is { item: T; score: number } => found.score !== undefined)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
