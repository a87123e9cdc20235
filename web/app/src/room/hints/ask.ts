/** What the server says of an answer, beside its text. */
export type Note = { readonly code: string; readonly n?: number; readonly first?: number; readonly last?: number; readonly of?: number };

/** An answer; without text there is nothing to say. */
export type Answer = {
  readonly id: string;
  readonly kind: string;
  readonly level: number;
  readonly file?: string;
  readonly line?: number;
  readonly category?: string;
  readonly text: string;
  readonly source: "grounded" | "model";
  readonly model?: string;
  readonly place?: string;
  readonly cached?: boolean;
  readonly notes?: readonly Note[];
};

/** A step on the way to an answer. */
export type Step = {
  readonly state?: "facts" | "model" | "again";
  readonly model?: string;
  readonly place?: string;
  readonly line?: number;
  readonly file?: string;
  readonly text?: string;
};

/** A question as the server takes it. */
export type Question = {
  readonly file: string;
  readonly caret?: number;
  readonly kind: string;
  readonly level: number;
  readonly language: string;
  readonly speech: string;
  readonly share?: boolean;
  readonly ahead?: boolean;
};

/** Why there is no answer, in the server's words. */
export class AskError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Line = Step & { readonly answer?: Answer; readonly error?: { readonly code: string; readonly message: string } };

/** Asks, and tells each step as it comes. Rejects with an AskError, or with that of the signal when it was cancelled. */
export async function ask(room: string, question: Question, signal: AbortSignal, on: (step: Step) => void): Promise<Answer> {
  const response = await fetch(`/api/v1/rooms/${encodeURIComponent(room)}/hints`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok || response.body === null) {
    const { code, message } = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
    throw new AskError(code ?? "internal", message ?? `HTTP ${response.status}`);
  }
  for await (const line of linesOf(response.body)) {
    const { answer, error, ...step } = JSON.parse(line) as Line;
    if (error !== undefined) throw new AskError(error.code, error.message);
    if (answer !== undefined) return answer;
    on(step);
  }
  throw new AskError("cut", "");
}

/** The lines of a stream, each as soon as it is whole. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one piece comes after the other
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield line;
      if (done) break;
    }
    if (rest !== "") yield rest;
  } finally {
    reader.releaseLock();
  }
}

/** One question as an owner reads it in the log. */
export type Record = {
  readonly id: string;
  readonly at: number;
  readonly person: string;
  readonly kind: string;
  readonly level: number;
  readonly outcome: string;
  readonly source: string;
  readonly model?: string;
  readonly cached?: boolean;
  readonly ahead?: boolean;
  readonly sent?: string;
  readonly to?: readonly string[];
  readonly tokens?: number;
  readonly first_ms: number;
  readonly total_ms: number;
  readonly up?: number;
  readonly down?: number;
};

/** What all questions of a room come to. */
export type Totals = {
  readonly asked: number;
  readonly cached: number;
  readonly calls: number;
  readonly tokens: number;
  readonly cost: number;
  readonly first_ms: number;
  readonly slow_ms: number;
  readonly up: number;
  readonly down: number;
};

/** A model that may be asked, and where it runs. */
export type Model = { readonly name: string; readonly model: string; readonly place: string };

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as T;
}

/** The models that may be asked, in order. */
export async function models(room: string): Promise<readonly Model[]> {
  return (await get<{ models: Model[] }>(`/api/v1/rooms/${encodeURIComponent(room)}/hints`)).models;
}

/** What was asked in the room, for its owner: the newest first, from before a time on. */
export function log(room: string, before?: number): Promise<{ readonly totals: Totals; readonly records: readonly Record[] }> {
  return get(`/api/v1/rooms/${encodeURIComponent(room)}/hints/log?limit=20${before === undefined ? "" : `&before=${before}`}`);
}

/** Tells what one thinks of a hint. */
export async function vote(room: string, id: string, up: boolean): Promise<void> {
  const response = await fetch(`/api/v1/rooms/${encodeURIComponent(room)}/hints/${encodeURIComponent(id)}/vote`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ up }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}
