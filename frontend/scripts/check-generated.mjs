// Regenerates the API client beside the committed one and fails on a difference.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const committed = "src/shared/api/gen";
const copy = mkdtempSync(join(tmpdir(), "truenav-client-"));
cpSync(committed, copy, { recursive: true });
try {
  execFileSync("npm", ["run", "--silent", "gen:api"], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("diff", ["-r", "-u", copy, committed], { stdio: "inherit" });
} catch {
  console.error("the generated client differs from the committed one: run `npm run gen:api`");
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true });
}
