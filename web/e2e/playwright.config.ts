import { defineConfig } from "@playwright/test";

/** The tests drive the real binary in Debian's Chromium; each starts a server of its own on a folder of its own. */
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2, // most of a test is waiting: for a compiler, a frame, the network that a test slows down
  // On a busy machine a browser may be starved for longer than any test waits. What passed the second time is counted as flaky.
  retries: process.env["CI"] === "true" ? 2 : 0,
  reporter: [["list"], ["./support/failures.ts"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    // To record is a good part of the work of a test. In CI what failed is tried again, and recorded then.
    trace: process.env["CI"] === "true" ? "on-first-retry" : "retain-on-failure",
    launchOptions: {
      // Chromium without a window to draw around the page, which takes a fifth off the time of these tests.
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--site-per-process", // as on everybody's desktop: a frame that computes for ever has a process of its own
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
