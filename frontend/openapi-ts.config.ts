import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "../contract/openapi.json",
  output: { path: "src/shared/api/gen" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
});
