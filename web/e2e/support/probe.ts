import type { CodeServer } from "./code-server.ts";

/** What the extension for tests (support/probe) tells. */
export class Probe {
  constructor(private readonly code: CodeServer) {}

  /** When VS Code's extensions heard of each insertion of a letter since this was asked last. One edit may bring several. */
  async heard(letter: string): Promise<number[]> {
    const all = (await this.ask("/heard")) as { at: number; text: string }[];
    return all.flatMap(({ at, text }) => Array.from(text.matchAll(new RegExp(letter, "g")), () => at));
  }

  /** Inserts a text at the caret of the active editor; when that was asked of VS Code. */
  async insert(text: string): Promise<number> {
    const { asked, done } = (await this.ask(`/insert?text=${encodeURIComponent(text)}`)) as { asked: number; done: boolean };
    if (!done) throw new Error("the editor has not taken what the probe inserts");
    return asked;
  }

  private async ask(path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.code.probePort}${path}`);
    return response.json();
  }
}
