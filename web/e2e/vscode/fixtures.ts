import { Coder, CodeServer } from "../support/code-server.ts";
import { Server } from "../support/server.ts";
import { Person, test as base } from "../support/test.ts";

type Both = { readonly ann: Person; readonly bob: Coder; readonly link: string };

/** A server and a VS Code for all tests of a worker, and a room with a page and a VS Code in it for each. */
export const test = base.extend<{ both: Both }, { collab: Server; code: CodeServer }>({
  collab: [
    async ({ browserName }, provide) => {
      const server = await Server.start(`vscode-${browserName}`);
      await provide(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  code: [
    async ({ collab }, provide) => {
      const code = await CodeServer.start({ "codecollab.server": collab.url });
      await provide(code);
      await code.close();
    },
    { scope: "worker", timeout: 400_000 },
  ],
  both: async ({ browser, collab, code, contextOptions }, provide) => {
    const contexts = await Promise.all([0, 1].map(() => browser.newContext({ ...contextOptions, viewport: { width: 1300, height: 850 } })));
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
