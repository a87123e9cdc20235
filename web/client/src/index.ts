/**
 * The synchronisation client of CodeCollab: a room as one tab or editor window has it, without a DOM or a framework.
 * README.md says how the parts work together.
 */
export type { ChatView } from "./chat";
export type { Clock } from "./clock";
export { systemClock } from "./clock";
export { Committed, parseEdits } from "./committed";
export type { LogEvent } from "./committed";
export type { Probe } from "./connection";
export { diff } from "./diff";
export { fallbackConnect } from "./fallback";
export { hashOf } from "./hash";
export type { EditCheck } from "./limits";
export { defaultLimits, groupBytes } from "./limits";
export type { Access, MemberView, Role, RunGrant } from "./members";
export type { RoomOptions } from "./options";
export { hasUnsent, memoryOutbox } from "./outbox";
export type { Outbox, Saved, SavedEntry } from "./outbox";
export { english } from "./phrases";
export type { Phrases } from "./phrases";
export { httpProbe } from "./probe";
export { isId, randomId } from "./random";
export { RoomClient } from "./room-client";
export { streamConnect } from "./stream";
export type {
  ClientFile,
  CloseInfo,
  Connect,
  ConnectionState,
  EditInfo,
  Notice,
  Peer,
  PersonView,
  Recovered,
  Report,
  HintSettings,
  RoomSettings,
  RoomView,
  RunStage,
  RunView,
  SaveState,
  Transport,
  TransportHandlers,
  Unsent,
} from "./types";
export { VoiceLine } from "./voice";
export type { VoiceNews, VoiceRequest } from "./voice";
export { webSocketConnect } from "./websocket";
export type { WebSocketLike } from "./websocket";
export type * as wire from "./wire.gen";
