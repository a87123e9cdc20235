import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { leftOut, piecesOf, readText } from "../src/room/files/intake";
import { freeName, nameProblem } from "../src/room/files/names";
import { baseName, canMove, folderOf, movedInto, moveFolder } from "../src/room/files/paths";
import { foldersAround, rowsOf, treeOf, typedTo } from "../src/room/files/tree";
import { zipOf } from "../src/room/files/zip";

const files = ["main.py", "lib/b.py", "lib/sub/c.py", "lib/a10.py", "lib/a2.py", "README.md", "docs/x"].map((name, i) => ({ id: `f${i}`, name }));

describe("the tree", () => {
  test("has folders before files, and numbers in their order", () => {
    const rows = rowsOf(treeOf(files), new Set());
    expect(rows.map(({ node, level }) => `${level} ${node.path}`)).toEqual([
      "1 docs/", "2 docs/x", "1 lib/", "2 lib/sub/", "3 lib/sub/c.py", "2 lib/a2.py", "2 lib/a10.py", "2 lib/b.py", "1 main.py", "1 README.md",
    ]);
    expect(rows.find(({ node }) => node.path === "lib/b.py")).toMatchObject({ at: 4, of: 4 });
  });

  test("hides what is in closed folders", () => {
    const rows = rowsOf(treeOf(files), new Set(["lib/"]));
    expect(rows.map(({ node }) => node.name)).toEqual(["docs", "x", "lib", "main.py", "README.md"]);
    expect(rows[2]).toMatchObject({ open: false });
  });

  test("a folder and a file of one name live side by side", () => {
    const rows = rowsOf(treeOf([{ id: "1", name: "a" }, { id: "2", name: "a/b" }]), new Set());
    expect(rows.map(({ node }) => node.path)).toEqual(["a/", "a/b", "a"]);
  });

  test("finds the next line by its first letters", () => {
    const rows = rowsOf(treeOf(files), new Set(["lib/", "docs/"]));
    expect(typedTo(rows, 0, "m")).toBe(2);
    expect(typedTo(rows, 0, "d")).toBe(0);
    expect(typedTo(rows, 2, "main")).toBe(2);
    expect(typedTo(rows, 2, "zz")).toBeUndefined();
  });

  test("opens what is around a path", () => expect(foldersAround("lib/sub/c.py")).toEqual(["lib/", "lib/sub/"]));
});

describe("paths", () => {
  test("have a folder and a last part", () => {
    expect([folderOf("a"), folderOf("lib/a"), folderOf("lib/"), folderOf("lib/sub/")]).toEqual(["", "lib/", "", "lib/"]);
    expect([baseName("a"), baseName("lib/a")]).toEqual(["a", "a"]);
  });

  test("a folder takes its files with it", () => {
    expect(moveFolder(files, "lib/", "docs/lib/").map(({ name }) => name)).toEqual(["docs/lib/b.py", "docs/lib/sub/c.py", "docs/lib/a10.py", "docs/lib/a2.py"]);
    expect(moveFolder(files, "lib/", "lib/")).toEqual([]);
  });

  test("nothing moves to where it is, nor into itself", () => {
    expect(canMove("lib/a", "lib/")).toBe(false);
    expect(canMove("lib/a", "")).toBe(true);
    expect(canMove("lib/", "lib/sub/")).toBe(false);
    expect(canMove("lib/sub/", "lib/")).toBe(false);
    expect(canMove("lib/sub/", "")).toBe(true);
    expect([movedInto("lib/a", ""), movedInto("lib/sub/", "docs/")]).toEqual(["a", "docs/sub/"]);
  });
});

describe("names", () => {
  test("that the server would refuse are refused in words", () => {
    const bad = ["", " ", "/etc", "a//b", "../a", "a\\b", "main.py", "a/ b", "x".repeat(101), `${"ü".repeat(51)}/a`, `${"abcdefghi/".repeat(26)}x`, "lib", "main.py/x", "a\u0000b", "a\nb"];
    for (const name of bad) expect(nameProblem(name, ["main.py", "lib/a.py"]), name).toBeDefined();
    for (const name of ["lib/util.py", "ü/ß 1.txt", "x".repeat(100), "<img src=x onerror=alert(1)>.py", "...", "lib2"]) {
      expect(nameProblem(name, ["main.py", "lib/a.py"]), name).toBeUndefined();
    }
  });

  test("are free beside a file", () => {
    expect(freeName(["lib/untitled.py"], "lib/x.py")).toBe("lib/untitled2.py");
    expect(freeName([], undefined)).toBe("untitled.txt");
  });
});

const bytes = (...list: number[]): Uint8Array => new Uint8Array(list);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what comes in", () => {
  test("has line feeds, and no mark", () => {
    expect(readText(utf8("a\r\nb\rc\n"))).toEqual({ text: "a\nb\nc\n" });
    expect(readText(bytes(0xef, 0xbb, 0xbf, 0x61))).toEqual({ text: "a" });
    expect(readText(bytes(0xff, 0xfe, 0x61, 0, 0x0d, 0, 0x0a, 0))).toEqual({ text: "a\n" });
    expect(readText(bytes(0xfe, 0xff, 0, 0x61))).toEqual({ text: "a" });
    expect(readText(bytes())).toEqual({ text: "" });
    expect(readText(utf8("😀 ü"))).toEqual({ text: "😀 ü" });
  });

  test("is refused when it is no text", () => {
    expect(readText(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0))).toEqual({ refused: "binary" });
    expect(readText(bytes(0x61, 0, 0x62))).toEqual({ refused: "binary" });
    expect(readText(bytes(0xc3, 0x28))).toEqual({ refused: "binary" });
  });

  test("is cut between characters, and no piece is too large as JSON", () => {
    const text = `"\\\n\t😀ü€a`.repeat(50);
    for (const most of [6, 7, 10, 64, 1000, 100_000]) {
      const pieces = piecesOf(text, most);
      expect(pieces.join("")).toBe(text);
      for (const piece of pieces) {
        expect(piece.isWellFormed()).toBe(true);
        expect(utf8(JSON.stringify(piece)).length - 2).toBeLessThanOrEqual(most);
        expect(utf8(JSON.stringify(piece.split("\n"))).length - 4).toBeLessThanOrEqual(most);
      }
    }
    expect(piecesOf("", 10)).toEqual([""]);
  });

  test("is not what is made anew from the rest", () => {
    expect(leftOut("app/node_modules/x/index.js")).toBe("node_modules");
    expect(leftOut("app/.DS_Store")).toBe(".DS_Store");
    expect(leftOut("app/.gitignore")).toBeUndefined();
    expect(leftOut("target")).toBeUndefined();
  });
});

test("a zip has the texts as they are", async () => {
  const texts = [
    { name: "main.py", text: "print('ü😀')\n" },
    { name: "lib/ü b.txt", text: "" },
    { name: "big.txt", text: `x${"😀".repeat(300_000)}` },
  ];
  let pauses = 0;
  const blob = await zipOf(texts, async () => void pauses++);
  const found = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  expect(Object.entries(found).map(([name, data]) => ({ name, text: strFromU8(data) }))).toEqual(texts);
  expect(pauses).toBeGreaterThan(3);
});
