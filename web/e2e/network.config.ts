import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** Voice and edits over a network of its own: two hosts (network namespaces) with a firewall between them. `make test-network`; root. */
export default defineConfig({ ...base, testDir: "network", workers: 1, timeout: 110_000, expect: { timeout: 30_000 } });
