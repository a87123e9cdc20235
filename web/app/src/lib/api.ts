/** A language as the server tells it. */
export type Language = {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly extensions: readonly string[];
  /** Of the editor. */
  readonly mode: string;
  /** The name of a first file. */
  readonly file: string;
  /** Its text. */
  readonly sample: string;
  readonly version?: string;
  /** Whether it can be run on this server. */
  readonly available: boolean;
};

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

/** Makes a room that starts with a language's sample program, and gives its id. */
export async function createRoom(language: string): Promise<string> {
  const body = await ask("/api/v1/rooms", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ language }),
  });
  if (typeof body === "object" && body !== null && "room" in body && typeof body.room === "string") return body.room;
  throw new ApiError(500, "internal", "The server's answer cannot be read.");
}

/** The catalogue of languages. */
export async function fetchLanguages(): Promise<readonly Language[]> {
  const body = await ask("/api/v1/languages", { cache: "no-cache" });
  if (!Array.isArray(body)) throw new ApiError(500, "internal", "The list of languages cannot be read.");
  return body.map(toLanguage).filter((language) => language !== undefined);
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, "offline", "The server cannot be reached. Check the connection and try again.");
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const said = (body ?? {}) as { code?: unknown; message?: unknown };
  throw new ApiError(
    response.status,
    typeof said.code === "string" ? said.code : "internal",
    typeof said.message === "string" ? said.message : `The server answered ${response.status}.`,
  );
}

function toLanguage(value: unknown): Language | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, aliases, extensions, mode, file, sample, version, available } = value as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  return {
    id,
    name,
    aliases: strings(aliases),
    extensions: strings(extensions),
    mode: typeof mode === "string" ? mode : "",
    file: typeof file === "string" ? file : "main.txt",
    sample: typeof sample === "string" ? sample : "",
    ...(typeof version === "string" && version !== "" ? { version } : {}),
    available: available === true,
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
