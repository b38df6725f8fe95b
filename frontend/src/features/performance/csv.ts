export { csvText, saveCsv } from "@/shared/format/csv";
