import type { LogEvent, wire } from "@codecollab/client";
import { ask } from "../../lib/api";
import { linkKey } from "../../lib/route";

/** Somebody who has written. Without an id it stands for all who wrote least. */
export type Writer = { readonly person: string; readonly name: string; readonly color: number; readonly inserted: number; readonly deleted: number };

/** A stretch of the history; by has triples of an index into the writers, characters inserted, characters deleted. */
export type Bucket = {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly until: number;
  readonly by: readonly (readonly [number, number, number])[];
  readonly runs: number;
};

/** A run of a program; outcome is missing while it goes on. */
export type RunMark = { readonly version: number; readonly at: number; readonly by: string; readonly outcome?: string; readonly code?: number };

/** A whole history at a glance. ready is less than version while the server looks through it for the first time. */
export type Overview = {
  readonly version: number;
  readonly ready: number;
  readonly began: number;
  readonly ended: number;
  readonly people: readonly Writer[];
  readonly buckets: readonly Bucket[];
  /** Pauses: the first version after it, and how long it was in milliseconds. */
  readonly gaps: readonly { readonly version: number; readonly length: number }[];
  readonly runs: readonly RunMark[];
  readonly runCount: number;
};

/** The files at a version. */
export type PastState = Pick<wire.State, "version" | "language" | "files" | "people"> & { readonly at: number };

/** Who wrote a file: spans are pairs of a length and an index into stints. */
export type BlameAnswer = {
  readonly version: number;
  readonly people: readonly { readonly person: string; readonly name: string; readonly color: number }[];
  readonly stints: readonly { readonly by: string; readonly version: number; readonly at: number }[];
  readonly spans: readonly number[];
};

/** A page of events; next is where it goes on. */
export type EventPage = { readonly events: readonly LogEvent[]; readonly next?: number };

/** What the server tells of a room's history. Errors are ApiErrors, or the signal's own. */
export class HistoryApi {
  constructor(private readonly room: string) {}

  overview(buckets: number, signal?: AbortSignal): Promise<Overview> {
    return this.get(`?buckets=${buckets}`, signal);
  }

  state(version: number, signal?: AbortSignal): Promise<PastState> {
    return this.get(`/state?version=${version}`, signal);
  }

  blame(version: number, file: string, signal?: AbortSignal): Promise<BlameAnswer> {
    return this.get(`/blame?version=${version}&file=${encodeURIComponent(file)}`, signal);
  }

  events(from: number, to: number, signal?: AbortSignal): Promise<EventPage> {
    return this.get(`/events?from=${from}&to=${to}`, signal);
  }

  private async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const key = linkKey();
    const init = { ...(signal === undefined ? {} : { signal }), ...(key === undefined ? {} : { headers: { "X-Room-Key": key } }) };
    return (await ask(`/api/v1/rooms/${encodeURIComponent(this.room)}/history${path}`, init)) as T;
  }
}
