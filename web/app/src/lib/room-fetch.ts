import { linkKey } from "./route";

/** Asks the server for something of a room, with the key of the link by which the user is here. Rejects on every answer that is none. */
export async function fetchOfRoom<T>(room: string, path: string): Promise<T> {
  const key = linkKey();
  const answer = await fetch(`/api/v1/rooms/${encodeURIComponent(room)}/${path}`, key === undefined ? {} : { headers: { "X-Room-Key": key } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as T;
}
