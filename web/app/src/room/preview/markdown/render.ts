import createPurifier, { type Config } from "dompurify";
import { Marked } from "marked";
import { resolve } from "../paths";

/** What a Markdown file is shown with. */
export type Around = {
  /** The name of the file itself. */
  readonly name: string;
  /** The text of another file of the room; undefined when there is none of that name. */
  readonly file: (name: string) => string | undefined;
  /** What stands in the place of an image that cannot be shown, and the names of boxes that are ticked and not. */
  readonly words: { readonly image: (alt: string) => string; readonly ticked: string; readonly open: string };
};

const marked = new Marked({ gfm: true, async: false });

const config: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: [
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var",
  ],
  ALLOWED_ATTR: ["align", "alt", "checked", "class", "colspan", "disabled", "height", "href", "open", "rowspan", "src", "start", "title", "type", "width"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/**
 * Makes elements of Markdown, which can do nothing: HTML in it is cut down to what text is made of, links go to the web, to a place
 * in the text or (data-file) to a file of the room, and images are data or files of the room.
 */
export function render(text: string, around: Around): DocumentFragment {
  // What it makes is not trusted, so it is sanitised in a document where nothing runs and nothing is loaded.
  const html = marked.parse(text) as string;
  const purifier = createPurifier(window);
  purifier.addHook("afterSanitizeAttributes", (node) => {
    if (node.localName === "a") link(node, around);
    else if (node.localName === "img") image(node, around);
    else if (node.localName === "input") checkbox(node, around);
    if (node.localName !== "code" || !/^language-[\w+#.-]+$/.test(node.className)) node.removeAttribute("class");
  });
  return purifier.sanitize(html, config);
}

function link(node: Element, { name }: Around): void {
  const href = node.getAttribute("href") ?? "";
  node.removeAttribute("href");
  if (/^(https?|mailto):/i.test(href.trim())) {
    node.setAttribute("href", href);
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
    return;
  }
  const target = resolve(name, href);
  if (href.startsWith("#")) node.setAttribute("href", href);
  else if (target !== undefined) {
    node.setAttribute("href", "#");
    node.setAttribute("data-file", target);
  }
}

const dataImage = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

function image(node: Element, { name, file, words }: Around): void {
  const source = (node.getAttribute("src") ?? "").trim();
  if (dataImage.test(source)) return;
  const target = resolve(name, source);
  const text = target === undefined ? undefined : file(target);
  if (text !== undefined && /\.svg$/i.test(target ?? "")) {
    node.setAttribute("src", `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`);
    return;
  }
  // From elsewhere nothing is loaded: that would tell others who reads this.
  const instead = node.ownerDocument.createElement("span");
  instead.textContent = words.image(node.getAttribute("alt") || source);
  node.replaceWith(instead);
}

function checkbox(node: Element, { words }: Around): void {
  if (node.getAttribute("type") !== "checkbox") {
    node.remove();
    return;
  }
  node.setAttribute("disabled", "");
  node.setAttribute("aria-label", node.hasAttribute("checked") ? words.ticked : words.open);
}

/** The heading that a link within the text means. */
export function headingOf(root: ParentNode, hash: string): Element | undefined {
  let wanted = hash.slice(1);
  try {
    wanted = decodeURIComponent(wanted);
  } catch {
    // It is taken as it is.
  }
  return [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")].find((h) => slug(h.textContent ?? "") === wanted.toLowerCase());
}

/** A heading as links name it: "What it does" is "what-it-does". */
export function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
