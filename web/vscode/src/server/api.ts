import * as vscode from "vscode";

/** An answer of the server that is not the one hoped for; the message is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A language as the server's list has it. */
export type Language = {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly extensions: readonly string[];
  readonly headers: readonly string[];
  readonly file: string;
  readonly available: boolean;
};

/** Who somebody is on a server. */
export type Me = {
  readonly person: string;
  readonly account?: { readonly id: string; readonly name: string; readonly color: number };
  readonly ways?: { readonly guests?: string };
};

/** A room that the person has been in. */
export type MyRoom = { readonly room: string; readonly title?: string; readonly language: string; readonly role: string };

/** How long a request may take, in milliseconds. */
const patience = 20_000;

/** What is said when a server does not answer. Browsers tell nobody whether it is away or keeps the editor's origin out. */
export function unreachable(server: string): string {
  const { origin } = globalThis as { readonly origin?: string };
  if (origin === undefined) return vscode.l10n.t("{0} cannot be reached. Check the address and the network.", server);
  return vscode.l10n.t("{0} cannot be reached, or lets no editor at {1} in: whoever runs it adds that to its setting editor-origins.", server, origin);
}

/** HTTP of one server, for one person. */
export class Api {
  constructor(
    readonly origin: string,
    /** The bearer token; undefined: nobody yet. */
    public token: string | undefined,
    private readonly fetchFn: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Like fetch, as this person, for paths and URLs of this server. */
  readonly fetch: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (this.token !== undefined) headers.set("authorization", `Bearer ${this.token}`);
    const url = typeof input === "string" ? new URL(input, this.origin) : input;
    return this.fetchFn(url, { ...init, headers, credentials: "omit" }); // in a browser, no cookie of the page may speak for the user
  };

  /** Asks, and gives the answer's JSON; undefined when it has none. Throws an ApiError. */
  async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    let response: Response;
    try {
      response = await this.fetch(path, { cache: "no-store", signal: AbortSignal.timeout(patience), ...init });
    } catch {
      throw new ApiError(0, "offline", unreachable(this.origin));
    }
    const text = await response.text();
    let body: unknown;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      throw new ApiError(response.status, "no_codecollab", vscode.l10n.t("{0} does not answer as a CodeCollab server. Check the address.", this.origin));
    }
    if (response.ok) return body as T;
    const { code, message, error, error_description: description } = (body ?? {}) as Record<string, unknown>;
    const words = [message, description].find((w) => typeof w === "string") as string | undefined;
    throw new ApiError(response.status, String(code ?? error ?? "internal"), words ?? `HTTP ${response.status}`);
  }

  /** Sends JSON. */
  post<T>(path: string, body: unknown, init: RequestInit = {}): Promise<T> {
    return this.ask<T>(path, { method: "POST", body: JSON.stringify(body), ...init, headers: { "content-type": "application/json", ...(init.headers as Record<string, string>) } });
  }

  /** Sends a form, as OAuth has it. */
  form<T>(path: string, fields: Record<string, string>): Promise<T> {
    return this.ask<T>(path, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** Who asks. */
  me(): Promise<Me> {
    return this.ask<Me>("/api/v1/me");
  }

  /** The languages of the server. */
  languages(): Promise<readonly Language[]> {
    return this.ask<Language[]>("/api/v1/languages");
  }
}
