import type { Connect } from "./types";

/** The part of a WebSocket that is used; browsers' and those of the package ws both have it. */
export interface WebSocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

type Handlers = {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code?: number; reason?: string }) => void) | null;
  onerror: (() => void) | null;
};

function platformSocket(url: string): WebSocketLike {
  const { WebSocket } = globalThis as unknown as { WebSocket?: new (url: string) => WebSocketLike };
  if (WebSocket === undefined) throw new Error("this platform has no WebSocket; give webSocketConnect a maker");
  return new WebSocket(url);
}

/**
 * Connections over a WebSocket. The url is `ws:` or `wss:` (browsers take a path, too); make opens another kind of
 * socket than the platform's. A failure to open gives no HTTP status, so "no such room" is not known here (see
 * RoomOptions.probe).
 */
export function webSocketConnect(url: string, make: (url: string) => WebSocketLike = platformSocket): Connect {
  return (handlers) => {
    let socket: WebSocketLike | undefined;
    let over = false;
    const end = (info: { code?: number; reason?: string }): void => {
      if (over) return;
      over = true;
      handlers.close(info);
    };
    try {
      socket = make(url);
    } catch (error) {
      queueMicrotask(() => end({ reason: String(error) }));
      return { send: () => undefined, close: () => void (over = true) };
    }
    const on = socket as unknown as Handlers;
    let open = false;
    on.onopen = () => {
      open = true;
      if (!over) handlers.open();
    };
    on.onmessage = ({ data }) => {
      if (!over && typeof data === "string") handlers.frame(data);
    };
    on.onclose = ({ code, reason }) =>
      end({ ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) });
    on.onerror = () => end({ reason: "the socket failed" });
    return {
      send: (frame) => {
        if (open && !over) socket.send(frame);
      },
      close: () => {
        over = true;
        try {
          socket.close(1000, "");
        } catch {
          // it was never open
        }
      },
    };
  };
}
