/** The parts of the page between which F6 goes, and where in each the focus goes to. */
const regions: readonly { readonly place: string; readonly first: string }[] = [
  { place: ".room-header", first: "button, a[href]" },
  { place: ".side", first: "[tabindex='0'], button, input" },
  { place: "#main-pane", first: ".main-view:not([hidden]) .cm-content, .main-view:not([hidden]) :is(button, [tabindex='0'])" },
  { place: ".dock", first: "[role='tab'][aria-selected='true'], button, [tabindex='0']" },
  { place: ".bottom-bar", first: "[aria-current='page'], button" },
];

/** Takes the focus to the next part of the page that is seen, or to the previous one. */
export function toRegion(step: 1 | -1): void {
  const seen = regions.map(({ place, first }) => ({ place, target: visible(place, first) })).filter(({ target }) => target !== undefined);
  const at = seen.findIndex(({ place }) => document.activeElement?.closest(place) !== null && document.activeElement?.closest(place) !== undefined);
  const next = seen[(at + step + seen.length) % seen.length] ?? seen[0];
  next?.target?.focus();
}

function visible(place: string, first: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(`${place} :is(${first})`)].find((element) =>
    element.checkVisibility({ visibilityProperty: true }),
  );
}
