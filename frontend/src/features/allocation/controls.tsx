import { useQuery } from "@tanstack/react-query";
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { SelectField } from "@/shared/ui/field";

const BUILT_IN = [
  ["asset_class", "Asset class"],
  ["currency", "Currency"],
  ["account", "Account"],
  ["instrument", "Holding"],
] as const;

type Props = {
  by: string;
  isDirect: boolean;
  onChange: (change: { by?: string; direct?: true | undefined; node: undefined }) => void;
};

/** By what the whole is cut, and whether funds are looked through. */
export function AllocationControls({ by, isDirect, onChange }: Props) {
  const { data } = useQuery(taxonomiesQuery);
  const own = data?.items.map((found) => [found.id, found.name] as const) ?? [];
  return (
    <form
      aria-label="How it is cut"
      className="flex flex-wrap items-end gap-x-6 gap-y-3 mb-6"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <div className="w-60 max-w-full">
        <SelectField
          label="By"
          value={by}
          options={[...BUILT_IN, ...own]}
          onChange={(event) => {
            onChange({ by: event.target.value, node: undefined });
          }}
        />
      </div>
      {by !== "account" && (
        <label className="inline-flex items-center gap-2 text-sm min-h-10">
          <input
            type="checkbox"
            className="size-4"
            checked={!isDirect}
            onChange={(event) => {
              onChange({ direct: event.target.checked ? undefined : true, node: undefined });
            }}
          />
          Look through funds
        </label>
      )}
    </form>
  );
}
