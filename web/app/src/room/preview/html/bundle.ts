import { resolve } from "../paths";
import { dataOf, scriptData, type Files } from "./data";
import { moduleGraph, type Modules } from "./modules";
import { prelude, type PreludeData } from "./prelude";

/** How deep style sheets may import others. */
const deepest = 8;

/**
 * Makes one page, which needs nothing else, of an HTML file and what it links to: scripts, style sheets and images of the room
 * become part of it. It is read by a parser that runs nothing; what it does is up to the frame in which it is shown.
 */
export function bundle(entry: string, files: Files, more: Pick<PreludeData, "scroll" | "outside" | "noNetwork">): string {
  const source = files.get(entry) ?? "";
  const page = new DOMParser().parseFromString(/\.svg$/i.test(entry) ? `<body>${source}` : source, "text/html");
  const modules: Modules = { map: {}, files };
  for (const node of page.querySelectorAll("base, meta[http-equiv='refresh' i]")) node.remove();
  for (const link of page.querySelectorAll("link[href]")) styleSheet(link, entry, files);
  for (const style of page.querySelectorAll("style")) style.textContent = inStyle(css(style.textContent ?? "", entry, files, 0));
  for (const node of page.querySelectorAll("[style]")) node.setAttribute("style", css(node.getAttribute("style") ?? "", entry, files, 0));
  for (const script of page.querySelectorAll("script")) placeScript(script, entry, modules);
  for (const node of page.querySelectorAll("[src]:not(script), [poster], image[href]")) placeSource(node, entry, files);
  for (const node of page.querySelectorAll("[srcset]")) node.removeAttribute("srcset");
  for (const node of page.querySelectorAll("a[href]")) placeLink(node, entry, files);
  if (Object.keys(modules.map).length > 0) page.head.prepend(scriptOf(page, JSON.stringify({ imports: modules.map }), "importmap"));
  const data: PreludeData = { ...more, entry, files: Object.fromEntries(files) };
  page.head.prepend(scriptOf(page, `(${prelude.toString()})(${JSON.stringify(data)})`));
  const doctype = /^\s*<!doctype/i.test(source) ? "<!doctype html>\n" : "";
  return doctype + page.documentElement.outerHTML;
}

function styleSheet(link: Element, entry: string, files: Files): void {
  const name = resolve(entry, link.getAttribute("href") ?? "");
  const text = name === undefined ? undefined : files.get(name);
  if (name === undefined || text === undefined) return;
  if (!/\bstylesheet\b/i.test(link.getAttribute("rel") ?? "")) {
    link.setAttribute("href", dataOf(name, text));
    return;
  }
  const style = link.ownerDocument.createElement("style");
  const media = link.getAttribute("media");
  if (media !== null) style.setAttribute("media", media);
  style.textContent = inStyle(css(text, name, files, 0));
  link.replaceWith(style);
}

/** A style sheet whose links are to data. */
function css(text: string, from: string, files: Files, depth: number): string {
  if (depth > deepest) return "";
  const data = (link: string): string | undefined => {
    const name = resolve(from, link);
    const file = name === undefined ? undefined : files.get(name);
    if (name === undefined || file === undefined) return undefined;
    return dataOf(name, /\.css$/i.test(name) ? css(file, name, files, depth + 1) : file);
  };
  return text
    .replace(/@import\s+(["'])([^"'\n]+)\1/gi, (all, _: string, link: string) => asURL(data(link), `@import `) ?? all)
    .replace(/url\(\s*(["']?)([^"')\n]+)\1\s*\)/gi, (all, _: string, link: string) => asURL(data(link), "") ?? all);
}

function asURL(data: string | undefined, before: string): string | undefined {
  return data === undefined ? undefined : `${before}url("${data}")`;
}

function placeScript(script: HTMLScriptElement, entry: string, modules: Modules): void {
  const isModule = script.type.toLowerCase() === "module";
  const source = script.getAttribute("src");
  if (source === null) {
    if (isModule) script.textContent = inScript(moduleGraph(script.textContent ?? "", entry, modules));
    return;
  }
  const name = resolve(entry, source);
  const text = name === undefined ? undefined : modules.files.get(name);
  if (name === undefined || text === undefined) return;
  script.setAttribute("src", scriptData(name, isModule ? moduleGraph(text, name, modules) : text));
  for (const attribute of ["integrity", "crossorigin"]) script.removeAttribute(attribute);
}

function placeSource(node: Element, entry: string, files: Files): void {
  for (const attribute of ["src", "poster", "href"]) {
    const name = resolve(entry, node.getAttribute(attribute) ?? "");
    const text = name === undefined ? undefined : files.get(name);
    if (name !== undefined && text !== undefined) node.setAttribute(attribute, dataOf(name, text));
  }
}

/** Links between the pages of the room are followed by the frame's owner. */
function placeLink(link: Element, entry: string, files: Files): void {
  const name = resolve(entry, link.getAttribute("href") ?? "");
  if (name === undefined || !files.has(name)) return;
  link.setAttribute("href", "#");
  link.setAttribute("data-codecollab-file", name);
}

function scriptOf(page: Document, text: string, type = ""): HTMLScriptElement {
  const script = page.createElement("script");
  if (type !== "") script.type = type;
  script.textContent = inScript(text);
  return script;
}

/** A text that may stand in a script element without ending it. */
function inScript(text: string): string {
  return text.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
}

function inStyle(text: string): string {
  return text.replace(/<\/(style)/gi, "<\\/$1");
}
