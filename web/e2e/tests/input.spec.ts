import { expect, test, type Person } from "../support/test.ts";

/** Puts a text on the clipboard of the page, and pastes it. */
async function paste({ editor }: Person, text: string): Promise<void> {
  await editor.evaluate((target, content) => {
    const data = new DataTransfer();
    data.setData("text/plain", content);
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

test("what an input method composes stays whole while somebody else types in the same line", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("begin  end");
  await ben.sees("begin  end");
  await ann.page.keyboard.press("ControlOrMeta+Home");
  for (let i = 0; i < "begin ".length; i++) await ann.page.keyboard.press("ArrowRight");
  const keys = await ann.context.newCDPSession(ann.page);
  await keys.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
  await ben.editor.click();
  await ben.page.keyboard.press("ControlOrMeta+Home");
  await ben.page.keyboard.type("<");
  await keys.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
  await ben.page.keyboard.press("ControlOrMeta+End");
  await ben.page.keyboard.type(">");
  await expect(ann.page.locator(".cm-line").first()).toContainText(">");
  await keys.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 });
  await keys.send("Input.insertText", { text: "日本" });
  for (const who of [ann, ben]) await who.sees("<begin 日本 end>");
  // One's own composition is undone without what came between.
  await ann.page.keyboard.press("ControlOrMeta+Z");
  for (const who of [ann, ben]) {
    await expect.poll(async () => (await who.text()).includes("日")).toBe(false);
    await expect.poll(async () => /^<.*>$/.test(await who.text())).toBe(true);
  }
});

test("a composition that is given up leaves nothing", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("ab");
  await ben.sees("ab");
  const keys = await ann.context.newCDPSession(ann.page);
  await keys.send("Input.imeSetComposition", { text: "かな", selectionStart: 2, selectionEnd: 2 });
  await ben.type("!");
  await keys.send("Input.imeSetComposition", { text: "", selectionStart: 0, selectionEnd: 0 });
  for (const who of [ann, ben]) await who.sees(/^ab!$/);
});

test("keyboards of phones replace the word that they compose, and no text comes twice", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ben.write("");
  await ann.sees("");
  await ann.editor.tap();
  await ann.editor.focus();
  const keys = await ann.context.newCDPSession(ann.page);
  // Each letter is the whole word anew, as such keyboards send it; then the word and a space.
  for (const word of ["h", "he", "hel", "hell", "hello"]) {
    await keys.send("Input.imeSetComposition", { text: word, selectionStart: word.length, selectionEnd: word.length });
  }
  await ben.type(" world");
  await keys.send("Input.insertText", { text: "hello" });
  await keys.send("Input.insertText", { text: "," });
  for (const who of [ann, ben]) {
    await expect.poll(async () => (await who.text()).replaceAll(/[\s,]/g, "").split("").toSorted().join("")).toBe([..."helloworld"].toSorted().join(""));
    expect(await who.text()).toContain("hello");
    expect(await who.text()).toContain("world");
  }
});

test("what is pasted has line feeds, and emoji stay whole", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("");
  await paste(ann, "one\r\ntwo\rthree\n😀👩‍👩‍👧");
  for (const who of [ann, ben]) await who.sees("one\ntwo\nthree\n😀👩‍👩‍👧");
  await ann.saved();
  await ann.page.keyboard.press("Backspace");
  await ann.page.keyboard.press("Backspace");
  for (const who of [ann, ben]) await who.sees("one\ntwo\nthree\n");
  await paste(ann, "😀😀");
  await ann.page.keyboard.press("ArrowLeft");
  await ben.type("🎉");
  await ann.page.keyboard.type("x");
  for (const who of [ann, ben]) await who.sees("one\ntwo\nthree\n😀x😀🎉");
  await ann.saved();
});

test("a paste beyond the limit is refused in words, and nothing of it is sent", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("kept\n");
  await ann.saved();
  const before = await ann.save.textContent();
  await paste(ann, "x".repeat(5_300_000));
  await expect(ann.page.getByLabel("Notices")).toContainText(/the limit is|at most/);
  await ann.sees("kept\n");
  await expect(ann.save).toHaveText(before ?? "");
});
