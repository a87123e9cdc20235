import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** The extension in a real VS Code (code-server) beside a browser page in the same room. */
export default defineConfig({
  ...base,
  testDir: "vscode",
  workers: 1,
  // A window of VS Code that begins keeps a slow machine busy for a minute: neither an action nor what is looked for fails before that.
  timeout: 400_000,
  expect: { timeout: 90_000 },
  use: { ...base.use, actionTimeout: 90_000 },
});
