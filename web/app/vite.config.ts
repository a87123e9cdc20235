import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "127.0.0.1:8080";

export const config = defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    emptyOutDir: false, // dist/.keep is committed, so that Go can embed a page that has not been built; see scripts/clean.mjs
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { "/api": { target: `http://${server}`, ws: true } },
  },
});

export { config as default };
