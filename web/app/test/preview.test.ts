import { afterEach, expect, it, vi } from "vitest";
import { Console, readFrame } from "../src/room/preview/html/console";
import { dataOf } from "../src/room/preview/html/data";
import { moduleGraph, type Modules } from "../src/room/preview/html/modules";
import { kindOf, targetOf } from "../src/room/preview/kinds";
import { resolve } from "../src/room/preview/paths";

afterEach(() => {
  vi.useRealTimers();
});

it("finds the file that a link means", () => {
  expect(resolve("site/index.html", "css/look.css")).toBe("site/css/look.css");
  expect(resolve("site/index.html", "../dot.svg?x=1#y")).toBe("dot.svg");
  expect(resolve("a.md", "/docs/b c.md")).toBe("docs/b c.md");
  expect(resolve("ü/a.md", "b%20c.md")).toBe("ü/b c.md");
  expect(resolve("a.md", "../../../etc/passwd")).toBe("etc/passwd"); // no file of a room lies above it
  for (const link of ["", "#x", "https://x.test/", "//x.test/a", "javascript:alert(1)", "data:,x", "MAILTO:x@y", "%E0%A4%A"]) expect(resolve("a.md", link)).toBe(undefined);
});

it("previews what is edited, what was before, or a usual beginning", () => {
  const files = ["main.py", "notes.md", "web/index.html", "README.md"].map((name, i) => ({ id: `f${i}`, name }));
  expect(targetOf(files, "f1", "f3")?.name).toBe("notes.md");
  expect(targetOf(files, "f0", "f3")?.name).toBe("README.md");
  expect(targetOf(files, "f0", undefined)?.name).toBe("web/index.html");
  expect(targetOf(files.slice(0, 1), "f0", undefined)).toBe(undefined);
  expect([kindOf("A.HTM"), kindOf("x.svg"), kindOf("x.markdown"), kindOf("x.md.py")]).toEqual(["html", "html", "markdown", undefined]);
});

it("a console is bounded, whatever a page writes", () => {
  vi.useFakeTimers();
  const output = new Console();
  for (let i = 0; i < 5000; i++) output.add("log", `line ${i}`);
  expect(output.lines.get()).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(output.lines.get()).toHaveLength(300);
  expect(output.lines.get().at(-1)?.text).toBe("line 4999");
  expect(output.omitted.get()).toBe(4700);
  output.add("error", "x".repeat(100_000));
  for (let i = 0; i < 9; i++) output.add("nonsense", "same");
  vi.advanceTimersByTime(200);
  expect(output.lines.get().at(-2)).toMatchObject({ level: "error", text: "x".repeat(8000) });
  expect(output.lines.get().at(-1)).toMatchObject({ level: "log", text: "same", times: 9 });
  output.clear();
  expect(output.lines.get()).toEqual([]);
  expect(output.omitted.get()).toBe(0);
});

it("reads of a frame's messages only what it understands", () => {
  expect(readFrame({ preview: "line", level: "log", text: "x", html: "<b>" })).toEqual({ preview: "line", level: "log", text: "x" });
  for (const bad of [null, 1, "x", {}, { preview: "line", level: 1, text: "x" }, { preview: "line", level: "log", text: {} }, { preview: "scroll", top: Infinity }, { preview: "open" }, { preview: "eval" }]) {
    expect(readFrame(bad)).toBe(undefined);
  }
});

it("modules import each other by names that only the page knows", () => {
  const files = new Map([
    ["a.js", "import { b } from './lib/b.js';\nexport const a = 1; // import './no.js'\n"],
    ["lib/b.js", "import { a } from '../a.js';\nimport x from 'bare';\nexport const b = import('./missing.js');\nimport(`./x${a}`);\nimport(\"../a.js\");"],
    ["broken.js", "import { from"],
  ]);
  const modules: Modules = { map: {}, files };
  const entry = moduleGraph("import './a.js'; import '/lib/b.js'; import 'a.js'; const s = \"import './a.js'\";", "index.html", modules);
  expect(entry).toBe("import 'room:/a.js'; import 'room:/lib/b.js'; import 'a.js'; const s = \"import './a.js'\";");
  expect(Object.keys(modules.map).toSorted()).toEqual(["room:/a.js", "room:/lib/b.js"]);
  const code = (key: string): string => decodeURIComponent((modules.map[key] ?? "").replace(/^[^,]*,/, ""));
  expect(code("room:/lib/b.js")).toContain("from 'room:/a.js'");
  expect(code("room:/lib/b.js")).toContain('import("room:/a.js")');
  expect(code("room:/lib/b.js")).toContain("import('./missing.js')");
  expect(code("room:/a.js")).toMatch(/\/\/# sourceURL=a\.js$/);
  expect(moduleGraph("import { from", "broken.js", modules)).toBe("import { from");
});

it("data cannot leave the address that it is put into", () => {
  expect(dataOf("x.svg", "<svg a='b\" )'/>")).toMatch(/^data:image\/svg\+xml;charset=utf-8,[^'"<>\s]*$/);
});
