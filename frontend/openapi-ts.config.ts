import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "../contract/openapi.json",
  // pages name what they take from sdk.gen and types.gen
  output: { path: "src/shared/api/gen", entryFile: false },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
});
