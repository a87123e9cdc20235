import { defineConfig } from "@playwright/test";

import base from "./playwright.config.ts";

/** What is measured rather than tested: `make perf`. The limits are wide, so that a busy machine does not fail it. */
export default defineConfig(base, {
  testDir: "perf",
  timeout: 180_000,
  use: { trace: "off", screenshot: "off" },
});
