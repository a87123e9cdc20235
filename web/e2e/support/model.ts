import { createServer, type IncomingMessage, type Server as HTTP, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model on loopback that speaks the chat-completions API. */
export class Model {
  /** What it was asked, each as the whole text of the prompt. */
  readonly asked: string[] = [];
  /** How many clients went before it had said all. */
  gone = 0;
  private say = "";
  private waits = false;

  private constructor(private readonly http: HTTP) {}

  /** Starts one on a free port. */
  static async start(): Promise<Model> {
    const http = createServer();
    const model = new Model(http);
    http.on("request", (request, response) => void model.answer(request, response));
    await new Promise<void>((done) => void http.listen(0, "127.0.0.1", done));
    return model;
  }

  /** Its address, as the setting hint-providers takes it. */
  get url(): string {
    return `http://${this.host}/v1`;
  }

  get host(): string {
    return `127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** What it answers from here on; with waits it never comes to the end. */
  says(text: string, waits = false): void {
    this.say = text;
    this.waits = waits;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((done) => void this.http.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    this.asked.push(messages.map(({ content }) => content).join("\n"));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const word of this.say.split(/(?<= )/)) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
    if (this.waits) {
      response.on("close", () => this.gone++);
      return;
    }
    response.write(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }], usage: { prompt_tokens: 400, completion_tokens: 30 } })}\n\n`);
    response.end("data: [DONE]\n\n");
  }
}
