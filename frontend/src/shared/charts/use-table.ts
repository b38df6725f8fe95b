import { useWord } from "@/shared/ui/use-address";

/** Whether a chart stands as its table; the names of those that do stand in the address. */
export function useTable(chart: string): readonly [boolean, (isTable: boolean) => void] {
  const [word, change] = useWord("tables");
  const names = typeof word === "string" ? word.split(",") : [];
  return [
    names.includes(chart),
    (isTable) => {
      const others = names.filter((name) => name !== chart);
      change((isTable ? [...others, chart] : others).join(",") || undefined);
    },
  ] as const;
}
