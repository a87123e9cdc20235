import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** Talking by a real LiveKit server. Each of its tests has two browsers besides: one at a time. */
export default defineConfig({ ...base, testDir: "livekit", workers: 1, timeout: 240_000 });
