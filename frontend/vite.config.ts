import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env["TRUENAV_BACKEND"] ?? "http://127.0.0.1:8432";
// under its own name: what comes from another page than the host's is refused
const proxied = { target: backend, changeOrigin: false };

export default defineConfig({
  plugins: [
    react(),
    tailwind(),
    { ...optimizeLocales.vite({ locales: ["en-US"] }), enforce: "pre" as const },
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": proxied, "/sse": proxied, "/ws": { ...proxied, ws: true } } },
  build: { outDir: "dist", sourcemap: false, chunkSizeWarningLimit: 700 },
  test: {
    environment: "jsdom",
    setupFiles: ["src/shared/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
