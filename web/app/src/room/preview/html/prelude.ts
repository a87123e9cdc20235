/** What the frame is told of the room. */
export type PreludeData = {
  /** The file that the page was made of. */
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  /** How far down the page was before. */
  readonly scroll: number;
  /** Words for what a preview does not do; $ stands for an address. */
  readonly outside: string;
  readonly noNetwork: string;
};

/** What the frame tells. All of it is said by code that anybody may have written: it is shown as text, and nothing more is done with it. */
export type FrameSays =
  | { readonly preview: "line"; readonly level: string; readonly text: string }
  | { readonly preview: "alive" }
  | { readonly preview: "scroll"; readonly top: number }
  | { readonly preview: "open"; readonly name: string };

/**
 * The first script of a previewed page. It runs in the frame, as text, so it may use nothing from outside of itself. It tells what
 * the page writes to its console, and serves the room's files to fetch.
 */
export function prelude(data: PreludeData): void {
  const most = 8000;
  const says = (message: unknown): void => parent.postMessage(message, "*");
  const words = (value: unknown, depth: number, seen: readonly unknown[]): string => {
    if (typeof value === "string") return depth === 0 ? value : JSON.stringify(value);
    if (value instanceof Error) return value.stack?.includes(value.message) ? value.stack : `${value.name}: ${value.message}`;
    if (typeof value === "function") return `ƒ ${value.name || "anonymous"}()`;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Element) return `<${value.localName}${value.id === "" ? "" : ` id="${value.id}"`}>`;
    if (seen.includes(value)) return "[circular]";
    const inside = [...seen, value];
    if (Array.isArray(value)) {
      if (depth > 3) return "[…]";
      return `[${value.slice(0, 100).map((v: unknown) => words(v, depth + 1, inside)).join(", ")}${value.length > 100 ? ", …" : ""}]`;
    }
    if (value instanceof Date || value instanceof RegExp) return String(value);
    const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name ?? "";
    const head = name === "Object" || name === "" ? "" : `${name} `;
    if (depth > 3) return `${head}{…}`;
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : value instanceof Set ? [...value].map((v) => [v, v]) : Object.entries(value);
    const shown = entries.slice(0, 50).map(([k, v]) => `${typeof k === "string" ? k : words(k, depth + 1, inside)}: ${words(v, depth + 1, inside)}`);
    return `${head}{${shown.length === 0 ? "" : ` ${shown.join(", ")}${entries.length > 50 ? ", …" : ""} `}}`;
  };
  const line = (level: string, values: readonly unknown[]): void => {
    let text: string;
    try {
      text = values.map((value) => words(value, 0, [])).join(" ");
    } catch (error) {
      text = String(error);
    }
    says({ preview: "line", level, text: text.slice(0, most) });
  };
  const output = window.console;
  for (const level of ["debug", "log", "info", "warn", "error", "trace", "dir", "table"] as const) output[level] = (...values: unknown[]) => line(level, values);
  output.assert = (right?: boolean, ...values: unknown[]) => {
    if (right !== true) line("error", ["Assertion failed:", ...values]);
  };
  addEventListener("error", (event) => {
    if (!(event instanceof ErrorEvent)) return;
    const own = event.filename !== "" && !event.filename.startsWith("http") && !event.filename.startsWith("data:");
    line("error", [`${event.message}${own ? ` (${decodeURI(event.filename)}:${event.lineno}:${event.colno})` : ""}`]);
  });
  addEventListener("unhandledrejection", (event) => line("error", ["Unhandled rejection:", event.reason]));
  addEventListener("securitypolicyviolation", (event) => line("warn", [data.noNetwork.replace("$", event.blockedURI)]));

  // Dialogs of the browser would stop the page of the room, too.
  window.alert = (text?: unknown) => line("info", [`alert: ${String(text)}`]);
  window.confirm = (text?: string) => (line("info", [`confirm: ${text ?? ""}`]), false);
  window.prompt = (text?: string) => (line("info", [`prompt: ${text ?? ""}`]), null);

  const loaded = window.fetch;
  window.fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    let name = "";
    try {
      const url = new URL(address, `room:///${data.entry}`);
      if (url.protocol === "room:") name = decodeURIComponent(url.pathname).slice(1);
      else if (url.protocol === "data:" || url.protocol === "blob:") return loaded(input, init);
    } catch {
      // It leads nowhere.
    }
    const text = Object.hasOwn(data.files, name) ? data.files[name] : undefined;
    if (text !== undefined) return Promise.resolve(new Response(text));
    line("warn", [data.noNetwork.replace("$", address)]);
    return Promise.reject(new TypeError(`Failed to fetch ${address}`));
  };

  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link === null || event.defaultPrevented) return;
    const file = link.getAttribute("data-codecollab-file");
    const href = link.getAttribute("href") ?? "";
    if (file !== null) says({ preview: "open", name: file });
    else if (href.startsWith("#") || /^javascript:/i.test(href)) return;
    else line("info", [data.outside.replace("$", href)]);
    event.preventDefault();
  });
  // Before somebody has pressed into it, the page takes no focus: that would steal what is typed into its own source.
  const focus = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function (this: HTMLElement, options?: FocusOptions): void {
    if (navigator.userActivation.hasBeenActive) focus.call(this, options);
  };
  addEventListener("scroll", () => says({ preview: "scroll", top: scrollY }), { passive: true });
  addEventListener("load", () => scrollTo(0, data.scroll), { once: true });
  says({ preview: "alive" });
  setInterval(() => says({ preview: "alive" }), 500);
}
