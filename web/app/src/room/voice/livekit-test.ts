import type { wire } from "@codecollab/client";
import { Room, RoomEvent, setLogLevel } from "livekit-client";

const connects = 8000; // ms

/** Comes into a room of LiveKit where nobody else is. It tells when LiveKit has answered; the answer is whether packets get through, too. */
export async function tryLiveKit({ url, token }: wire.VoiceLiveKit, answered: () => void): Promise<boolean> {
  setLogLevel("silent");
  const room = new Room();
  room.on(RoomEvent.SignalConnected, answered);
  try {
    await room.connect(url, token, { maxRetries: 0, websocketTimeout: connects, peerConnectionTimeout: connects });
    return true;
  } catch {
    return false;
  } finally {
    await room.disconnect();
  }
}
