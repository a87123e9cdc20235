import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const server = "127.0.0.1:8080";

/**
 * The package of Emacs' keys calls those statements pure that register its commands (in 6.1.0), so that a bundler drops them
 * and no key does anything.
 */
const emacsKeys: Plugin = {
  name: "emacs-keys",
  transform: (code, id) => (id.includes("codemirror-emacs") ? code.replaceAll("/*@__PURE__*/EmacsHandler.", "EmacsHandler.") : undefined),
};

export const config = defineConfig({
  plugins: [emacsKeys, react()],
  build: {
    target: "es2022",
    emptyOutDir: false, // dist/.keep is committed, so that Go can embed a page that has not been built; see scripts/clean.mjs
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600, // kB: LiveKit's client, which is loaded where voice is there
  },
  server: {
    proxy: { "/api": { target: `http://${server}`, ws: true } },
  },
});

export { config as default };
