import { fields, get, list, text, time } from "../api";

/** Something that somebody should do something about. */
export type Trouble = { readonly code: string; readonly bad: boolean; readonly about: string; readonly text: string; readonly todo: string };

type Up = { readonly name: string; readonly up: boolean; readonly why: string };

/** How an installation does, as the server that answers knows it. */
export type Status = {
  readonly at: number;
  readonly node: string;
  readonly nodes: readonly { readonly name: string; readonly version: string; readonly since: number; readonly here: boolean; readonly leaving: boolean }[];
  readonly open: number;
  readonly readOnly: number;
  readonly people: number;
  readonly busiest: readonly { readonly room: string; readonly people: number; readonly language: string; readonly version: number }[];
  readonly waiting: number;
  readonly running: number;
  readonly runners: readonly (Up & { readonly programs: number; readonly capacity: number; readonly languages: number })[];
  readonly database: { readonly kind: string; readonly up: boolean; readonly inUse: number; readonly most: number };
  readonly disk: { readonly free: number; readonly total: number };
  readonly bus: { readonly kind: string; readonly up: boolean };
  readonly models: readonly (Up & { readonly model: string; readonly place: string })[];
  readonly voice: { readonly rooms: number; readonly people: number } | undefined;
  readonly troubles: readonly Trouble[];
};

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

function troublesOf(body: unknown): readonly Trouble[] {
  return list(body, "problems", (of) => ({
    code: text(of["code"]),
    bad: of["severity"] === "bad",
    about: text(of["about"]),
    text: text(of["text"]),
    todo: text(of["do"]),
  }));
}

/** What is wrong, if anything is. */
export async function fetchTroubles(signal?: AbortSignal): Promise<readonly Trouble[]> {
  return troublesOf(await get("/api/v1/admin/status?problems", signal));
}

/** All of it. */
export async function fetchStatus(signal?: AbortSignal): Promise<Status> {
  const body = fields(await get("/api/v1/admin/status", signal));
  const [rooms, queue, database, disk, bus] = ["rooms", "queue", "database", "disk", "bus"].map((name) => fields(body[name])) as [
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const voice = fields(body["voice"]);
  const up = (of: Readonly<Record<string, unknown>>): Up => ({ name: text(of["name"]), up: of["up"] === true, why: text(of["why"]) });
  return {
    at: time(body["at"]),
    node: text(body["node"]),
    nodes: list(body, "nodes", (of) => ({
      name: text(of["name"]),
      version: text(of["version"]),
      since: time(of["since"]),
      here: of["here"] === true,
      leaving: of["leaving"] === true,
    })),
    open: number(rooms["open"]),
    readOnly: number(rooms["readOnly"]),
    people: number(rooms["people"]),
    busiest: list(rooms, "busiest", (of) => ({
      room: text(of["room"]),
      people: number(of["connections"]),
      language: text(of["language"]),
      version: number(of["version"]),
    })),
    waiting: number(queue["waiting"]),
    running: number(queue["running"]),
    runners: list(body, "runners", (of) => ({
      ...up(of),
      programs: number(of["running"]) + number(of["others"]),
      capacity: number(of["capacity"]),
      languages: number(of["languages"]),
    })),
    database: { kind: text(database["kind"]), up: database["up"] === true, inUse: number(database["inUse"]), most: number(database["most"]) },
    disk: { free: number(disk["free"]), total: number(disk["total"]) },
    bus: { kind: text(bus["kind"]), up: bus["up"] === true },
    models: list(body, "models", (of) => ({ ...up(of), model: text(of["model"]), place: text(of["place"]) })),
    voice: body["voice"] === undefined ? undefined : { rooms: number(voice["rooms"]), people: number(voice["people"]) },
    troubles: troublesOf(body),
  };
}
