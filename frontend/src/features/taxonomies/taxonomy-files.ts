import { getTaxonomyExport } from "@/shared/api/gen/sdk.gen";
import type { PortableTaxonomyInput } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { saveJson } from "@/shared/save-file";

/** Save a taxonomy as a file that another portfolio reads. */
export async function saveTaxonomy(id: string, name: string): Promise<void> {
  const document = await unwrap(getTaxonomyExport({ path: { taxonomy_id: id } }));
  saveJson(name.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase() || "taxonomy", document);
}

/** What a file holds, if it can be one of ours; the server looks closer. */
export async function readTaxonomy(file: File): Promise<PortableTaxonomyInput> {
  const found: unknown = JSON.parse(await file.text());
  if (typeof found !== "object" || found === null || !("format" in found)) {
    throw new Error("This file is no taxonomy.");
  }
  return found as PortableTaxonomyInput;
}
