import { Model } from "../support/model.ts";
import { Server } from "../support/server.ts";
import { expect, type Person, test as base } from "../support/test.ts";

/** With a model on loopback, and a server that may ask it. */
const test = base.extend<{ model: Model; server: Server }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from it that nothing is needed
  model: async ({}, provide) => {
    const model = await Model.start();
    await provide(model);
    await model.close();
  },
  server: async ({ browserName, model }, provide, info) => {
    const server = await Server.start(browserName, ["--hint-providers", `${model.url} llama-test`]);
    await provide(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.close();
  },
});

const program = "numbers = [1, 2, 3]\nfor i in range(len(numbers) + 1):\n    print(numbers[i])\n";
const answer = "LINE: 3\nKIND: off-by-one\nHINT: How long is `numbers`, and what is the last value of `i`?\n";

const panel = (who: Person) => who.page.getByRole("region", { name: "Hint", exact: true });
const cards = (who: Person) => panel(who).getByRole("article");

async function open(who: Person): Promise<void> {
  await who.page.getByRole("tab", { name: "Hints" }).click();
  await expect(panel(who)).toBeVisible();
}

/** The owner turns hints on. */
async function turnOn(who: Person, models: boolean): Promise<void> {
  await open(who);
  if (models) await panel(who).getByRole("checkbox", { name: "Models may be asked" }).check();
  await panel(who).getByRole("button", { name: "Turn hints on" }).click();
  await expect(panel(who).getByRole("button", { name: "Give me a hint" })).toBeVisible();
}

const place = (who: Person) => panel(who).getByRole("radio", { name: "The place" });

test("off until the owner turns them on; streams, marks the line, is cached and shown to the room", async ({ server, person, model }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.write(program);
  await ann.saved();

  await open(ben);
  await expect(panel(ben)).toContainText("Hints are off");
  await expect(panel(ben).getByRole("button")).toHaveCount(0);
  await open(ann);
  await panel(ann).getByRole("checkbox", { name: "Models may be asked" }).check();
  await expect(panel(ann)).toContainText(`llama-test at ${model.host}`); // said before anything leaves
  await ann.accessible();
  await ann.picture("hints-consent");
  await turnOn(ann, true);

  model.says(answer);
  await place(ben).check();
  await panel(ben).getByRole("checkbox", { name: "Show it to everyone" }).check();
  await panel(ben).getByRole("button", { name: "Give me a hint" }).click();
  await expect(cards(ben)).toContainText("How long is numbers, and what is the last value of i?");
  await expect(cards(ben)).toContainText(`llama-test at ${model.host}`);
  await expect(ben.page.locator(".cm-line.hint-line")).toHaveText(/print\(numbers\[i\]\)/);
  expect(model.asked.join("")).toContain("3|     print(numbers[i])");
  await ben.sees(program); // nothing was typed into the file

  await expect(cards(ann)).toContainText("How long is numbers"); // it was shown to the room
  await cards(ann).getByRole("button", { name: "main.py, line 3" }).click();
  await expect(ann.page.locator(".cm-line.hint-line")).toHaveText(/print\(numbers\[i\]\)/);

  await place(ann).check();
  await panel(ann).getByRole("button", { name: "Give me a hint" }).click();
  await expect(cards(ann).first()).toContainText("cached");
  expect(model.asked).toHaveLength(1);
  await cards(ann).first().getByRole("button", { name: "This helped" }).click();
  await expect(cards(ann).first().getByRole("button", { name: "This helped" })).toHaveAttribute("aria-pressed", "true");

  await panel(ann).getByText("For owners").click();
  await expect(panel(ann)).toContainText("50 %"); // of the questions came from the cache
  await expect(panel(ann)).toContainText(`Sent to ${model.host} llama-test`);
  await panel(ann).getByText(`Sent to ${model.host}`).click();
  await expect(panel(ann).locator("pre").first()).toContainText("print(numbers[i])");
  await expect(panel(ben).getByText("For owners")).toHaveCount(0);
  await ann.accessible();
  await ann.picture("hints-owner");
});

test("a question is cancelled, and the model is told", async ({ server, person, model }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(program);
  await turnOn(ann, true);
  model.says("LINE: 3\nKIND: off-by-one\nHINT: Look at the ", true);
  await panel(ann).getByRole("button", { name: "Give me a hint" }).click();
  await expect(cards(ann)).toContainText("Look at");
  await cards(ann).getByRole("button", { name: "Cancel" }).click();
  await expect(cards(ann)).toContainText("Cancelled.");
  await expect.poll(() => model.gone).toBe(1);
});

test("where the owner allows it, a hint is prepared when typing pauses", async ({ server, person, model }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await open(ann);
  await panel(ann).getByRole("checkbox", { name: "Prepare hints" }).check();
  await turnOn(ann, true);
  model.says(answer);
  await ann.write(program);
  await expect.poll(() => model.asked.length).toBe(1); // and nobody has asked
  await expect(cards(ann)).toHaveCount(0);
  await panel(ann).getByRole("button", { name: "Give me a hint" }).click();
  await expect(cards(ann)).toContainText("How long is numbers");
  expect(model.asked).toHaveLength(1);
});

test("what gives the solution away, and nonsense, is not shown", async ({ server, person, model }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(program);
  await turnOn(ann, true);
  for (const text of ["LINE: 3\nKIND: off-by-one\nHINT: Easy.\n```python\nfor i in range(len(numbers)):\n    print(numbers[i])\n    pass\n```\n", "I am happy to help with anything!"]) {
    model.says(text);
    // eslint-disable-next-line no-await-in-loop -- one after the other
    await panel(ann).getByRole("button", { name: "Give me a hint" }).click();
    await expect(cards(ann).first()).toContainText("It is withheld");
    await expect(cards(ann).first()).toContainText("grounded, without a model");
  }
  await expect(panel(ann)).not.toContainText("range(len(numbers))");
});

test("a viewer can neither turn hints on nor ask", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await turnOn(ann, false);
  const room = new URL(ann.page.url()).pathname.split("/").pop() ?? "";
  const links = await ann.page.evaluate(async (id) => (await fetch(`/api/v1/rooms/${id}/links`)).json() as Promise<{ links: { viewer: string } }>, room);
  const ben = await person();
  await ben.page.goto(`${server.url}${links.links.viewer}`);
  await expect(ben.editor).toBeVisible();
  await open(ben);
  await expect(panel(ben).getByRole("button", { name: "Settings of hints" })).toHaveCount(0);
  const status = await ben.page.evaluate(async (id) => {
    const response = await fetch(`/api/v1/rooms/${id}/hints`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"file":"x"}' });
    return response.status;
  }, room);
  expect(status).toBe(403);
});

base("without any model, facts are enough, and nothing leaves", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("prices = [3, 4]\nprint(pricse[0])\n");
  await open(ann);
  await expect(panel(ann)).toContainText("No model is set up on this server");
  await expect(panel(ann).getByRole("checkbox", { name: "Models may be asked" })).toHaveCount(0);
  await turnOn(ann, false);
  await ann.page.getByRole("tab", { name: "Output" }).click();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit", { ignoreCase: true });
  await ann.page.getByRole("button", { name: "Explain", exact: true }).first().click();
  await expect(cards(ann)).toContainText("grounded, without a model");
  await place(ann).check();
  await ann.page.keyboard.press("Shift+Alt+H");
  await expect(cards(ann)).toHaveCount(2);
  await expect(cards(ann).first()).toContainText("grounded, without a model");
  await expect(ann.page.locator(".cm-line.hint-line")).toHaveText(/pricse/);
  await ann.picture("hints-grounded");
});

base("on a phone, in German", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "de-DE" });
  await ann.newRoom(server.url);
  await ann.page.getByRole("button", { name: "Mehr" }).click();
  await ann.page.getByRole("menuitem", { name: "Hinweise" }).click();
  const region = ann.page.getByRole("region", { name: "Hinweis", exact: true });
  await region.getByRole("button", { name: "Hinweise einschalten" }).click();
  await region.getByRole("button", { name: "Hinweis geben" }).click();
  await expect(region.getByRole("article")).toContainText("ohne Modell");
  await ann.accessible();
  await ann.picture("hints-phone");
  await ann.page.emulateMedia({ colorScheme: "dark" });
  await ann.accessible();
  await ann.picture("hints-phone-dark");
});
