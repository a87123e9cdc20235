import { Engine, type Request } from "./engine";

// A worker of its own: an expression that somebody has typed may take for ever, and typing must not wait for it.
const engine = new Engine();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const answer = engine.take(data);
  if (answer !== undefined) postMessage(answer);
});
