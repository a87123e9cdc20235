import { type Browser, launch, type Page } from "puppeteer-core";

const executablePath = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";

/** Somebody with a Firefox, whose microphone is the tone that Firefox has for tests. It is driven over WebDriver BiDi. */
export class Fox {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async start(): Promise<Fox> {
    const browser = await launch({
      browser: "firefox",
      executablePath,
      headless: true,
      extraPrefsFirefox: {
        "media.navigator.streams.fake": true,
        "media.navigator.permission.disabled": true,
        "media.autoplay.default": 0,
        "media.peerconnection.ice.loopback": true,
        "media.peerconnection.ice.obfuscate_host_addresses": false,
      },
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    // Tests judge by what WebRTC counts.
    await page.evaluateOnNewDocument(() => {
      const Real = RTCPeerConnection;
      const all: RTCPeerConnection[] = [];
      Object.assign(globalThis, { calls: all });
      globalThis.RTCPeerConnection = class extends Real {
        constructor(options?: RTCConfiguration) {
          super(options);
          all.push(this);
        }
      };
    });
    return new Fox(browser, page);
  }

  /** Presses the button of a name, once there is one. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
  }

  /** How many packets of sound have come, and how many have gone. */
  async packets(): Promise<{ received: number; sent: number }> {
    return this.page.evaluate(async () => {
      const sum = { received: 0, sent: 0 };
      for (const pc of (globalThis as unknown as { calls: RTCPeerConnection[] }).calls) {
        if (pc.connectionState === "closed") continue;
        (await pc.getStats()).forEach((report: { type: string; packetsReceived?: number; packetsSent?: number }) => {
          if (report.type === "inbound-rtp") sum.received += report.packetsReceived ?? 0;
          if (report.type === "outbound-rtp") sum.sent += report.packetsSent ?? 0;
        });
      }
      return sum;
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
