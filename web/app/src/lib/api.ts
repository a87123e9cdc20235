import { words } from "../words";

/** The tokens of a language's comments. */
export type Comments = { readonly line?: string; readonly block?: { readonly open: string; readonly close: string } };

/** A language as the server's list has it. */
export type Language = {
  readonly id: string;
  readonly name: string;
  /** The language that this is a dialect or another implementation of. */
  readonly variantOf?: string;
  readonly aliases: readonly string[];
  readonly extensions: readonly string[];
  /** Extensions of files that belong to it and are not run. */
  readonly headers: readonly string[];
  /** Of the editor. */
  readonly mode: string;
  readonly comments?: Comments;
  /** One level of indentation; "" when the language has no habit. */
  readonly indent: string;
  /** The name of a first file. */
  readonly file: string;
  /** The newest one on this server. */
  readonly version?: string;
  /** All of them, newest first. */
  readonly versions: readonly string[];
  /** Whether it can be run on this server. */
  readonly available: boolean;
  /** Whether there is a formatter for it on this server. */
  readonly formats: boolean;
};

/** What is asked for when it is needed: long texts, of one language. */
export type LanguageDetail = {
  /** The text of a first file. */
  readonly sample: string;
  /** Patterns of lines of output that name a place in a file, as Go writes them. */
  readonly errors: readonly string[];
};

/** What is to be formatted. */
export type Source = { readonly language: string; readonly name: string; readonly content: string };

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

/** Makes a room that starts with a language's sample program, and gives its address: its id, a # and the key of its link. */
export async function createRoom(language: string): Promise<string> {
  const body = await ask("/api/v1/rooms", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ language }),
  });
  if (typeof body === "object" && body !== null && "room" in body && typeof body.room === "string") {
    return "key" in body && typeof body.key === "string" ? `${body.room}#${body.key}` : body.room;
  }
  throw new ApiError(500, "internal", unreadable());
}

/** A room that this person has been in, as the server knows it. */
export type MyRoom = {
  readonly room: string;
  readonly title: string;
  readonly language: string;
  readonly role: string;
  /** In milliseconds since the Unix epoch, as changed is. */
  readonly visited: number;
  readonly changed: number;
  /** When it will be deleted if nobody comes before. */
  readonly ends: number | undefined;
};

/** The rooms that this person has been in. */
export async function fetchMyRooms(): Promise<readonly MyRoom[]> {
  const body = (await ask("/api/v1/me/rooms", { cache: "no-store" })) as { rooms?: unknown } | undefined;
  if (!Array.isArray(body?.rooms)) throw new ApiError(500, "internal", unreadable());
  return body.rooms.flatMap(toMyRoom);
}

/** Takes a room off the person's list. */
export async function forgetMyRoom(room: string): Promise<void> {
  await ask(`/api/v1/me/rooms/${encodeURIComponent(room)}`, { method: "DELETE" });
}

function toMyRoom(value: unknown): MyRoom[] {
  const { room, title = "", language, role, visited, changed, ends } = (value ?? {}) as Record<string, unknown>;
  if (typeof room !== "string" || typeof language !== "string" || typeof role !== "string") return [];
  const time = (at: unknown): number => (typeof at === "number" ? at : 0);
  return [{ room, title: typeof title === "string" ? title : "", language, role, visited: time(visited), changed: time(changed), ends: typeof ends === "number" ? ends : undefined }];
}

/** Ends a room for everybody. */
export async function deleteRoom(room: string): Promise<void> {
  await ask(`/api/v1/rooms/${encodeURIComponent(room)}`, { method: "DELETE" });
}

/** The catalogue of languages. While the server is looking, it does not know yet which of them are on it. */
export async function fetchLanguages(): Promise<{ readonly list: readonly Language[]; readonly looking: boolean }> {
  const { body, headers } = await answer("/api/v1/languages", { cache: "no-cache" });
  if (!Array.isArray(body)) throw new ApiError(500, "internal", unreadable());
  const list = body.map(toLanguage).filter((language) => language !== undefined);
  return { list, looking: headers.get("X-Languages-State") === "looking" };
}

/** The texts of a language. */
export async function fetchLanguage(id: string): Promise<LanguageDetail> {
  const body = await ask(`/api/v1/languages/${encodeURIComponent(id)}`, { cache: "no-cache" });
  const { sample, errors } = (body ?? {}) as Record<string, unknown>;
  return { sample: typeof sample === "string" ? sample : "", errors: strings(errors) };
}

/** A source as the formatter of its language writes it. */
export async function formatSource(room: string, source: Source): Promise<string> {
  const body = await ask(`/api/v1/rooms/${encodeURIComponent(room)}/format`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(source),
  });
  if (typeof body === "object" && body !== null && "content" in body && typeof body.content === "string") return body.content;
  throw new ApiError(500, "internal", unreadable());
}

/** Asks the server, and gives its answer. Throws an ApiError, or what the signal was aborted with. */
export async function ask(path: string, init: RequestInit): Promise<unknown> {
  return (await answer(path, init)).body;
}

async function answer(path: string, init: RequestInit): Promise<{ readonly body: unknown; readonly headers: Headers }> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, "offline", words.get().frame.offline);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return { body, headers: response.headers };
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  const name = typeof code === "string" ? code : "internal";
  const w = words.get().frame;
  // In English the server's own sentence is better: it has the numbers and names in it.
  throw new ApiError(response.status, name, w.errors[name] ?? (typeof message === "string" ? message : w.answered(response.status)));
}

function unreadable(): string {
  return words.get().frame.unreadable;
}

function toLanguage(value: unknown): Language | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, variantOf, mode, comments, indent, file, version, ...rest } = value as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  const tokens = toComments(comments);
  const versions = strings(rest["versions"]);
  return {
    id,
    name,
    ...(typeof variantOf === "string" && variantOf !== "" ? { variantOf } : {}),
    aliases: strings(rest["aliases"]),
    extensions: strings(rest["extensions"]),
    headers: strings(rest["headers"]),
    mode: typeof mode === "string" ? mode : "",
    ...(tokens === undefined ? {} : { comments: tokens }),
    indent: typeof indent === "string" ? indent : "",
    file: typeof file === "string" ? file : "main.txt",
    ...(typeof version === "string" && version !== "" ? { version } : {}),
    versions: versions.length > 0 || typeof version !== "string" ? versions : [version],
    available: rest["available"] === true,
    formats: rest["formats"] === true,
  };
}

function toComments(value: unknown): Comments | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { line, block } = value as Record<string, unknown>;
  const [open, close] = strings(block);
  return {
    ...(typeof line === "string" && line !== "" ? { line } : {}),
    ...(open !== undefined && close !== undefined ? { block: { open, close } } : {}),
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
