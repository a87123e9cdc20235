import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { Person } from "./test.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const rate = 48_000;

/** What a speaker's microphone hears for ever: somebody who talks (by espeak-ng), or a pure tone in Hz. */
export type Voice = { readonly says: string } | { readonly hums: number };

/** Somebody with a browser of their own, whose microphone is a file; without a voice, the browser denies the microphone. */
export class Speaker extends Person {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
    page: Page,
  ) {
    super(page, page.context());
  }

  /** where says what browser is started, when it is not the usual one, and with what more flags. */
  static async start(voice: Voice | undefined, where: { executablePath?: string; args?: readonly string[] } = {}): Promise<Speaker> {
    const folder = await mkdtemp(join(tmpdir(), "codecollab-e2e-voice-"));
    const args = ["--no-sandbox", "--disable-gpu", "--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns", "--autoplay-policy=no-user-gesture-required"];
    args.push("--use-fake-device-for-media-stream");
    if (voice === undefined) args.push("--deny-permission-prompts");
    else {
      const file = join(folder, "voice.wav");
      await writeFile(file, "says" in voice ? await spoken(voice.says, folder) : wav(tone(voice.hums)));
      args.push("--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${file}`);
    }
    args.push(...(where.args ?? []));
    const browser = await chromium.launch({ executablePath: where.executablePath ?? executablePath, args });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    // Tests judge by what WebRTC counts.
    await context.addInitScript(() => {
      const Real = RTCPeerConnection;
      const all: RTCPeerConnection[] = [];
      const played: HTMLMediaElement[] = [];
      Object.assign(globalThis, { calls: all, played });
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function (): Promise<void> {
        played.push(this);
        return play.call(this);
      };
      globalThis.RTCPeerConnection = class extends Real {
        constructor(options?: RTCConfiguration) {
          super(options);
          all.push(this);
        }
      };
    });
    return new Speaker(browser, folder, await context.newPage());
  }

  /** What has been received of all calls so far: packets, and how loud it was in all (W3C webrtc-stats: totalAudioEnergy). */
  async heard(): Promise<{ packets: number; energy: number }> {
    return this.page.evaluate(async () => {
      const sum = { packets: 0, energy: 0 };
      for (const pc of (globalThis as unknown as { calls: RTCPeerConnection[] }).calls) {
        if (pc.connectionState === "closed") continue;
        (await pc.getStats()).forEach((report: { type: string; packetsReceived?: number; totalAudioEnergy?: number }) => {
          if (report.type !== "inbound-rtp") return;
          sum.packets += report.packetsReceived ?? 0;
          sum.energy += report.totalAudioEnergy ?? 0;
        });
      }
      return sum;
    });
  }

  /** The pair of candidates by which the last call goes: their types, and the protocol. */
  async way(): Promise<string> {
    return this.page.evaluate(async () => {
      const pc = (globalThis as unknown as { calls: RTCPeerConnection[] }).calls.at(-1);
      const stats = new Map<string, Record<string, string>>();
      (await pc?.getStats())?.forEach((report: Record<string, string>) => stats.set(report["id"] ?? "", report));
      for (const report of stats.values()) {
        if (report["type"] !== "transport") continue;
        const local = stats.get(stats.get(report["selectedCandidatePairId"] ?? "")?.["localCandidateId"] ?? "");
        if (local !== undefined) return `${local["candidateType"]} ${local["protocol"]}`;
      }
      return "";
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A second of silence and what is said, in the form that Chromium wants. */
async function spoken(text: string, folder: string): Promise<Buffer> {
  const file = join(folder, "said.wav");
  execFileSync("espeak-ng", ["-w", file, text]);
  const said = await readFile(file);
  const data = said.subarray(44);
  const from = said.readUInt32LE(24);
  const samples = new Int16Array(Math.floor(((data.length / 2) * rate) / from) + rate);
  for (let i = 0; i < samples.length - rate; i++) samples[i] = data.readInt16LE(2 * Math.floor((i * from) / rate));
  return wav(samples);
}

function tone(hz: number): Int16Array {
  return Int16Array.from({ length: rate }, (_, i) => 12_000 * Math.sin((2 * Math.PI * hz * i) / rate));
}

/** 48 kHz, mono, 16 bits. */
function wav(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}
