/** The parts of the page between which F6 goes, and where in each the focus goes to: the first of these that is seen. */
const regions: readonly { readonly place: string; readonly first: readonly string[] }[] = [
  { place: ".room-header", first: ["a[href], button"] },
  { place: ".side", first: ["[tabindex='0'], button, input"] },
  { place: "#main-pane", first: [".cm-content", "[tabindex='0'], button"] },
  { place: ".dock", first: ["[role='tab'][aria-selected='true']", "[tabindex='0'], button"] },
  { place: ".bottom-bar", first: ["[aria-current='page']", "button"] },
];

/** Takes the focus to the next part of the page that is seen, or to the previous one. */
export function toRegion(step: 1 | -1): void {
  const seen = regions.flatMap(({ place, first }) => {
    const target = targetIn(place, first);
    return target === undefined ? [] : [{ place, target }];
  });
  const at = seen.findIndex(({ place }) => document.activeElement?.closest(place) instanceof HTMLElement);
  const from = at < 0 && step < 0 ? 0 : at;
  seen[(from + step + seen.length) % seen.length]?.target.focus();
}

function targetIn(place: string, first: readonly string[]): HTMLElement | undefined {
  const parent = document.querySelector(place);
  for (const selector of first) {
    for (const element of parent?.querySelectorAll<HTMLElement>(selector) ?? []) {
      if (element.checkVisibility({ visibilityProperty: true })) return element;
    }
  }
  return undefined;
}
