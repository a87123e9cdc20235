import { defineConfig } from "vitest/config";

export const config = defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, maxWorkers: 2 },
});

export { config as default };
