import { systemClock, Timer, type Clock } from "./clock";
import type { CloseInfo, Connect, Transport, TransportHandlers } from "./types";

/** How long a WebSocket may take to open before the other way is tried, in milliseconds. */
const patience = 4_000;
/** How long the other way is used before a WebSocket gets another chance, in milliseconds. */
const chanceAfter = 300_000;

/**
 * Connections by WebSocket where that works, and by event stream where it does not. Each connection begins with the
 * WebSocket; when that closes or keeps silent before it is open, the stream is tried in the same go. Once a stream has
 * opened where no WebSocket would, the next connections are streams, for five minutes.
 */
export function fallbackConnect(ws: Connect, sse: Connect, clock: Clock = systemClock): Connect {
  let streamsUntil = -Infinity;
  /** WebSockets in a row that opened and then carried nothing: a proxy that swallows frames. */
  let mute = 0;

  return (handlers) => {
    let current: Transport | undefined;
    let over = false;

    const stream = (): Transport =>
      sse(
        guarded(() => over, handlers, {
          open: () => {
            if (clock.now() >= streamsUntil) streamsUntil = clock.now() + chanceAfter;
          },
        }),
      );
    if (clock.now() < streamsUntil) return stopping(stream(), () => void (over = true));

    let left = false; // the WebSocket has been given up
    let opened = false;
    let heard = false;
    const giveUp = (info: CloseInfo): void => {
      if (left || over) return;
      left = true;
      timer.cancel();
      if (info.missing === true) handlers.close(info);
      else current = stream();
    };
    const timer = new Timer(clock, () => {
      const silent = current;
      giveUp({ reason: "the WebSocket does not open" });
      silent?.close();
    });
    current = ws(
      guarded(() => over || left, handlers, {
        open: () => {
          opened = true;
          timer.cancel();
        },
        frame: () => {
          heard = true;
          mute = 0;
        },
        close: (info) => {
          if (!opened) {
            giveUp(info);
            return false;
          }
          if (!heard && ++mute >= 2) streamsUntil = clock.now() + chanceAfter;
          return true;
        },
      }),
    );
    timer.arm(patience);
    return {
      send: (frame) => current?.send(frame),
      close: () => {
        if (opened && !heard && !left && ++mute >= 2) streamsUntil = clock.now() + chanceAfter;
        over = true;
        timer.cancel();
        current?.close();
      },
    };
  };
}

type Hooks = { open?: () => void; frame?: () => void; close?: (info: CloseInfo) => boolean };

/** Handlers that look at what passes, and pass nothing on once it is over. A close hook that answers false keeps it. */
function guarded(over: () => boolean, handlers: TransportHandlers, hooks: Hooks): TransportHandlers {
  return {
    open: () => {
      if (over()) return;
      hooks.open?.();
      handlers.open();
    },
    frame: (text) => {
      if (over()) return;
      hooks.frame?.();
      handlers.frame(text);
    },
    close: (info) => {
      if (over()) return;
      if (hooks.close?.(info) ?? true) handlers.close(info);
    },
  };
}

function stopping(transport: Transport, stop: () => void): Transport {
  return {
    send: (frame) => transport.send(frame),
    close: () => {
      stop();
      transport.close();
    },
  };
}
