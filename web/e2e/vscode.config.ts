import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** The extension in a real VS Code (code-server) beside a browser page in the same room. */
export default defineConfig({ ...base, testDir: "vscode", workers: 1, timeout: 400_000, expect: { timeout: 60_000 } });
