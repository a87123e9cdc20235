import { randomId, type VoiceLine, type wire } from "@codecollab/client";
import { iceServers } from "./sfu";
import { Microphone } from "./microphone";
import { voicePrefs } from "./prefs";
import { offer, ways } from "./signals";

const connects = 8000; // ms
const hears = 4000;

/** One thing that talking needs: "microphone", "signalling", or a way: "udp", "tcp", "relay"; by LiveKit "livekit", "livekit_media". */
export type Step = { readonly name: string; readonly state: "wait" | "go" | "ok" | "no"; /** What of it failed: the step itself, or "media". */ readonly failed?: string };

/** Tries everything that talking needs, one after the other, and tells how far it is. Nothing of it is heard by anybody. */
export async function testPath(line: VoiceLine, tell: (steps: readonly Step[]) => void, signal: AbortSignal): Promise<void> {
  let steps: readonly Step[] = [{ name: "microphone", state: "go" }, { name: "signalling", state: "wait" }];
  const set: Set = (name, state, failed) => {
    if (signal.aborted) return;
    steps = steps.map((step) => (step.name === name ? { name, state, ...(failed === undefined ? {} : { failed }) } : step));
    tell(steps);
  };
  tell(steps);
  const opened = await Microphone.open(voicePrefs.get()).catch(() => undefined);
  opened?.close();
  set("microphone", opened === undefined ? "no" : "ok", opened === undefined ? "microphone" : undefined);
  set("signalling", "go");
  const how = await ways(line, true).catch(() => undefined);
  set("signalling", how === undefined ? "no" : "ok", how === undefined ? "signalling" : undefined);
  if (how === undefined) return;
  if (how.livekit !== undefined) {
    steps = [...steps, { name: "livekit", state: "go" }, { name: "livekit_media", state: "wait" }];
    return await tryByLiveKit(how.livekit, set);
  }
  steps = [...steps, ...(how.tests ?? []).map((name) => ({ name, state: "wait" }) as const)];
  for (const name of how.tests ?? []) {
    if (signal.aborted) return;
    set(name, "go");
    const failed = await tryWay(line, name, iceServers(how.ice ?? []));
    set(name, failed === undefined ? "ok" : "no", failed);
  }
}

type Set = (name: string, state: Step["state"], failed?: string) => void;

/** LiveKit chooses the way by itself, so two steps stand for all: it answers, and packets get through. */
async function tryByLiveKit(place: wire.VoiceLiveKit, set: Set): Promise<void> {
  set("livekit", "go");
  let answered = false;
  const loaded = await import("./livekit-test").catch(() => undefined);
  const through = await loaded?.tryLiveKit(place, () => {
    answered = true;
    set("livekit", "ok");
    set("livekit_media", "go");
  });
  if (!answered) return set("livekit", "no", "livekit");
  if (through === true) set("livekit_media", "ok");
  else set("livekit_media", "no", "livekit_media");
}

/** Sends a tone by one way, and waits until it comes back. The answer is what failed. */
async function tryWay(line: VoiceLine, test: string, servers: RTCIceServer[]): Promise<string | undefined> {
  const call = randomId();
  // The direct ways are tried without the relay, which has one by TCP to the server's UDP: it would hide a firewall that lets no UDP through.
  const how: RTCConfiguration = test === "relay" ? { iceServers: servers, iceTransportPolicy: "relay" } : {};
  const pc = new RTCPeerConnection({ ...how, bundlePolicy: "max-bundle" });
  const context = new AudioContext();
  try {
    const tone = new OscillatorNode(context, { frequency: 440 });
    const into = new MediaStreamAudioDestinationNode(context);
    tone.connect(into);
    tone.start();
    for (const track of into.stream.getAudioTracks()) pc.addTransceiver(track, { direction: "sendrecv" });
    const local = await pc.createOffer();
    await pc.setLocalDescription(local);
    const { sdp } = await offer(line, { call, sdp: local.sdp ?? "", test });
    await pc.setRemoteDescription({ type: "answer", sdp });
    if (!(await until(connects, async () => pc.connectionState === "connected"))) return test;
    return (await until(hears, async () => (await packets(pc)) > 0)) ? undefined : "media";
  } catch {
    return test;
  } finally {
    line.send({ t: "voice_leave", call });
    pc.close();
    void context.close();
  }
}

async function packets(pc: RTCPeerConnection): Promise<number> {
  let sum = 0;
  for (const [, report] of (await pc.getStats()) as unknown as Map<string, { type: string; packetsReceived?: number }>) {
    if (report.type === "inbound-rtp") sum += report.packetsReceived ?? 0;
  }
  return sum;
}

async function until(ms: number, is: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await is()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
