import { Coder, CodeServer, freePort } from "../support/code-server.ts";
import { Model } from "../support/model.ts";
import { Server } from "../support/server.ts";
import { Person, test as base } from "../support/test.ts";
import { WebCode } from "../support/web-code.ts";

export { expect } from "@playwright/test";

type Both = { readonly ann: Person; readonly bob: Coder; readonly link: string };
type Shared = { model: Model; port: number; collab: Server; code: CodeServer; web: WebCode };

const screen = { viewport: { width: 1300, height: 850 } };

/** A server, a model and a VS Code for all tests of a worker, and a room with a page and a VS Code in it for each that wants one. */
export const test = base.extend<{ both: Both }, Shared>({
  model: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from it that nothing is needed
    async ({}, provide) => {
      const model = await Model.start();
      await provide(model);
      await model.close();
    },
    { scope: "worker" },
  ],
  // oxlint-disable-next-line no-empty-pattern -- as above
  port: [async ({}, provide) => provide(await freePort()), { scope: "worker" }],
  collab: [
    async ({ browserName, model, port }, provide) => {
      const more = ["--passwords=open", `--hint-providers=${model.url} llama-test`, `--editor-origins=http://127.0.0.1:${port}`];
      const server = await Server.start(`vscode-${browserName}`, more);
      await provide(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  code: [
    async ({ collab }, provide) => {
      const code = await CodeServer.start({ "codecollab.server": collab.url }, { probed: true });
      await provide(code);
      await code.close();
    },
    { scope: "worker", timeout: 400_000 },
  ],
  web: [
    async ({ code, port }, provide) => {
      const web = await WebCode.start(code, port);
      await provide(web);
      await web.close();
    },
    { scope: "worker" },
  ],
  both: async ({ browser, collab, code, contextOptions }, provide) => {
    const contexts = await Promise.all([0, 1].map(() => browser.newContext({ ...contextOptions, ...screen })));
    const [one, two] = contexts;
    if (one === undefined || two === undefined) throw new Error("no contexts");
    const ann = new Person(await one.newPage(), one);
    const link = await ann.newRoom(collab.url);
    await ann.write('name = input("Who? ")\nprint("Hello, " + name)\n');
    await ann.saved();
    const bob = new Coder(await two.newPage());
    await bob.join(code, link);
    await bob.file("main.py");
    await provide({ ann, bob, link });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
