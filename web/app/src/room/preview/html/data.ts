/** The files of a room, by name. */
export type Files = ReadonlyMap<string, string>;

/** A script as an address. It keeps its name, so that errors tell its own lines. */
export function scriptData(name: string, text: string): string {
  return `data:text/javascript;charset=utf-8,${encodeURIComponent(`${text}\n//# sourceURL=${encodeURI(name)}`)}`;
}

const types: Record<string, string> = {
  css: "text/css", svg: "image/svg+xml", html: "text/html", htm: "text/html", json: "application/json", js: "text/javascript", mjs: "text/javascript",
};

/** A file as an address. */
export function dataOf(name: string, text: string): string {
  const type = types[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "text/plain";
  return `data:${type};charset=utf-8,${encodeURIComponent(text).replace(/'/g, "%27")}`;
}
