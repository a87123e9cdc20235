import type { Probe } from "./connection";

/**
 * Asks the server for a room by HTTP: after a WebSocket that would not open, it tells a missing room and an ended
 * session from a network that is down. base is the server's address up to the path, "" for the page's own.
 */
export function httpProbe(base = "", fetchFn: typeof fetch = (input, init) => fetch(input, init)): Probe {
  return async (room) => {
    const response = await fetchFn(`${base}/api/v1/rooms/${encodeURIComponent(room)}`, { cache: "no-store" });
    return response.status;
  };
}
