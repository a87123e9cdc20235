import type * as wire from "./wire.gen";

/** The edge: what is not a message of the protocol does not come further. */

/**
 * Reads one frame: JSON objects, one a line. Types that are not known (of a newer server) are left out; lists that the
 * server left null are empty. Throws an Error on what is no message at all.
 */
export function parseFrame(frame: string): wire.ServerMessage[] {
  const messages: wire.ServerMessage[] = [];
  for (const line of frame.split("\n")) {
    if (line.trim() === "") continue;
    const message = parseMessage(JSON.parse(line) as unknown);
    if (message !== undefined) messages.push(message);
  }
  return messages;
}

type Raw = Readonly<Record<string, unknown>>;

function parseMessage(value: unknown): wire.ServerMessage | undefined {
  const raw = object(value, "a message");
  switch (raw["t"]) {
    case "event":
      return { ...event(raw), t: "event" };
    case "catchup":
      numbers(raw, "from", "to");
      return { ...(raw as unknown as wire.CatchupMessage), events: list(raw, "events").map(event), edits: edits(raw) };
    case "joined":
      numbers(raw, "version", "seq", "heartbeat");
      object(raw["limits"], "joined.limits");
      object(raw["writable"], "joined.writable");
      return joined(raw);
    case "ack":
      numbers(raw, "seq", "version");
      return raw as unknown as wire.AckMessage;
    case "presence":
      numbers(raw, "version");
      return raw as unknown as wire.PresenceMessage;
    case "checked":
      numbers(raw, "version");
      return { ...(raw as unknown as wire.CheckedMessage), diverged: list(raw, "diverged") as string[] };
    case "output":
    case "run":
      numbers(raw, "run");
      return raw as unknown as wire.OutputMessage | wire.RunStateMessage;
    case "terminal":
      numbers(raw, "run", "rows", "cols");
      return raw as unknown as wire.TerminalMessage;
    case "bring":
      if (typeof raw["session"] !== "string") throw new Error("a bring without session");
      return raw as unknown as wire.BroughtMessage;
    case "waiting":
      numbers(raw, "heartbeat");
      return raw as unknown as wire.WaitingMessage;
    case "voice_people":
      return { ...(raw as unknown as wire.VoicePeopleMessage), people: list(raw, "people") as wire.VoicePerson[] };
    case "voice_levels":
      return { ...(raw as unknown as wire.VoiceLevelsMessage), people: list(raw, "people") as wire.VoiceLevel[] };
    case "voice_slots":
      return { ...(raw as unknown as wire.VoiceSlotsMessage), slots: list(raw, "slots") as wire.VoiceSlot[] };
    case "voice_ways":
      numbers(raw, "slots");
      return raw as unknown as wire.VoiceWaysMessage;
    case "voice_answer":
    case "voice_refused":
    case "voice_ended":
      return raw as unknown as wire.VoiceAnswerMessage | wire.VoiceRefusedMessage | wire.VoiceEndedMessage;
    case "knocks":
      return { ...(raw as unknown as wire.KnocksMessage), people: list(raw, "people") as wire.Knock[] };
    case "bye":
    case "error":
    case "pong":
    case "writable":
      return raw as unknown as wire.ServerMessage;
    default:
      return undefined;
  }
}

function event(value: unknown): wire.Event {
  const raw = object(value, "an event");
  numbers(raw, "version", "at");
  const body = object(raw["body"], "an event's body");
  switch (body["kind"]) {
    case "edit":
      return { ...(raw as unknown as wire.Event), body: { kind: "edit", edits: edits(body) } };
    case "finish":
      numbers(body, "run");
      return {
        ...(raw as unknown as wire.Event),
        body: { ...(body as unknown as wire.FinishBody), output: list(body, "output") as wire.Chunk[] },
      };
    case "chat":
      if (typeof body["text"] !== "string") throw new Error("a chat message without text");
      return raw as unknown as wire.Event;
    default:
      return raw as unknown as wire.Event;
  }
}

function edits(raw: Raw): wire.FileEdit[] {
  return list(raw, "edits").map((value) => {
    const edit = object(value, "an edit");
    if (typeof edit["file"] !== "string" || !Array.isArray(edit["changes"])) throw new Error("an edit without file or changes");
    return edit as unknown as wire.FileEdit;
  });
}

function joined(raw: Raw): wire.JoinedMessage {
  const { snapshot, live, ...rest } = raw as unknown as wire.JoinedMessage;
  const state = snapshot ?? undefined;
  return {
    ...rest,
    ...(live ? { live: live.map((l) => ({ ...l, output: l.output ?? [] })) } : {}),
    ...(state === undefined
      ? {}
      : {
          snapshot: {
            ...state,
            files: state.files ?? [],
            people: state.people ?? [],
            runs: (state.runs ?? []).map((r) => (r.finish ? { ...r, finish: { ...r.finish, output: r.finish.output ?? [] } } : r)),
          },
        }),
  };
}

function object(value: unknown, what: string): Raw {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Raw;
}

function numbers(raw: Raw, ...fields: string[]): void {
  for (const field of fields) {
    if (typeof raw[field] !== "number") throw new Error(`the field ${field} is not a number`);
  }
}

function list(raw: Raw, field: string): unknown[] {
  const value = raw[field] ?? [];
  if (!Array.isArray(value)) throw new Error(`the field ${field} is not a list`);
  return value as unknown[];
}
