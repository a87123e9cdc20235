import { expect, it } from "vitest";
import { scan, type Folder } from "../src/share/scan";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function folder(files: Record<string, Uint8Array | string>): Folder {
  const names = Object.keys(files);
  const bytes = (path: string): Uint8Array => {
    const content = files[path] ?? "";
    return typeof content === "string" ? encode(content) : content;
  };
  return {
    list: (path) => {
      const start = path === "" ? "" : `${path}/`;
      const found = new Map(names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length).split("/")).map(([first = "", ...rest]) => [first, rest.length > 0]));
      return Promise.resolve([...found].map(([name, isFolder]) => ({ name, isFolder })));
    },
    size: (path) => Promise.resolve(bytes(path).length),
    read: (path) => Promise.resolve(bytes(path)),
  };
}

it("takes text, and leaves out what .gitignore says, secrets, large files and what is no text", async () => {
  const found = await scan(
    folder({
      ".gitignore": "*.log\n/build/\n",
      "main.py": "print(1)\r\n",
      "debug.log": "x",
      "build/out.py": "x",
      "sub/.gitignore": "!keep.log\nsecret.txt\n",
      "sub/keep.log": "kept",
      "sub/secret.txt": "x",
      "node_modules/a/index.js": "x",
      ".env": "TOKEN=1",
      ".git/config": "x",
      "large.txt": "x".repeat(200),
      "picture.png": new Uint8Array([0x89, 0x50, 0, 0xff]),
    }),
    { fileBytes: 100, files: 100 },
  );
  expect(found.files.map(({ path }) => path)).toEqual([".gitignore", "main.py", "sub/.gitignore", "sub/keep.log"]);
  expect(found.files[1]?.text).toBe("print(1)\n");
  expect(found.left).toEqual([{ path: "large.txt", why: "large" }, { path: "picture.png", why: "binary" }]);
});

it("stops at the limit of files", async () => {
  const found = await scan(folder({ a: "1", b: "2", c: "3" }), { fileBytes: 100, files: 2 });
  expect(found.left).toEqual([{ path: "c", why: "many" }]);
});
