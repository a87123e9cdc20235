// An extension for tests: tells when VS Code's extensions hear of changes, and makes some, with nothing of CodeCollab in between.
const { createServer } = require("node:http");
const vscode = require("vscode");

/** Inserts a text where the caret of the active editor is. */
async function insert(text) {
  const editor = vscode.window.activeTextEditor;
  const asked = Date.now();
  const done = await editor.edit((into) => into.insert(editor.selection.active, text), { undoStopBefore: false, undoStopAfter: false });
  return { asked, done };
}

exports.activate = ({ subscriptions }) => {
  const port = vscode.workspace.getConfiguration("codecollabProbe").get("port");
  if (port === 0) return;
  let heard = [];
  subscriptions.push(
    vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
      for (const { text } of contentChanges) heard.push({ at: Date.now(), text });
    }),
  );
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
    if (pathname === "/leave") {
      server.close();
      response.setHeader("Connection", "close").end();
      return;
    }
    const answer = pathname === "/insert" ? await insert(searchParams.get("text")) : heard;
    if (pathname === "/heard") heard = [];
    response.end(JSON.stringify(answer));
  });
  const listen = () => server.listen(port, "127.0.0.1");
  // A window that was loaded anew has other extensions than before, while the old ones live on for a while: the newest is asked.
  server.on("error", () => fetch(`http://127.0.0.1:${port}/leave`).then(listen, listen));
  listen();
  subscriptions.push({ dispose: () => void (server.close(), server.closeAllConnections()) });
};
