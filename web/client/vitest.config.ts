import { defineConfig } from "vitest/config";

export const config = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 600_000,
    pool: "threads",
    maxWorkers: 2,
  },
});

export { config as default };
