import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vite";

import { packageOf } from "../licenses.mjs";

/** Lists the packages that gave something to the bundle, for their licenses. */
function packages(): Plugin {
  return {
    name: "packages",
    generateBundle(_, bundle) {
      const found = new Set<string>(["@fontsource-variable/inter", "@fontsource-variable/vazirmatn"]);
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const [id, module] of Object.entries(chunk.modules)) {
          const name = module.renderedLength > 0 ? packageOf(id.replaceAll("\\", "/")) : undefined;
          if (name) found.add(name);
        }
      }
      this.emitFile({
        type: "asset",
        fileName: "packages.json",
        source: JSON.stringify([...found].sort()),
      });
    },
  };
}

export default defineConfig({
  base: "/app/",
  plugins: [react(), packages()],
  // The picker of days knows how to count with date-fns; in Persian it is to count otherwise.
  resolve: { alias: { "date-fns": "date-fns-jalali" } },
  build: { emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  server: { proxy: { "/api": "http://127.0.0.1:8400" } },
});
