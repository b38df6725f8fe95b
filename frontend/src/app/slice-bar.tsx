import { useQuery } from "@tanstack/react-query";
import { accountsQuery } from "@/shared/api/accounts";
import { instrumentsQuery } from "@/shared/api/instruments";
import { words } from "@/shared/format/format";
import { ASSET_CLASSES, sliceOf, sliceText, type Slice } from "@/shared/slice";
import { CURRENCY_OPTIONS, SelectField } from "@/shared/ui/field";
import { usePageSearch } from "./use-search";

type Sort = "classes" | "currencies" | "instruments" | "tags";
const EMPTY = { classes: [], currencies: [], instruments: [], groups: [], tags: [] };

/** Narrows a page to a part of the portfolio; each name can be taken away again. */
export function SliceBar() {
  const [search, change] = usePageSearch();
  const known = useQuery(instrumentsQuery("", 200));
  const slice = sliceOf(search);
  const instruments = known.data?.items ?? [];
  const currencies = [...new Set(instruments.map((item) => item.currency))].sort();
  const set = (next: Slice) => {
    change(sliceText(next));
  };
  const add = (sort: Sort, name: string) => {
    if (name) set({ ...slice, [sort]: [...slice[sort], name] });
  };
  const options = (sort: Sort, all: readonly (readonly [string, string])[]) => [
    ["", slice[sort].length ? "Add…" : "All"] as const,
    ...all.filter(([name]) => !(slice[sort] as readonly string[]).includes(name)),
  ];
  const symbolOf = (id: string) => instruments.find((item) => item.id === id)?.symbol ?? "…";
  return (
    <section aria-label="Part of the portfolio" className="mb-5">
      <div className="grid grid-cols-2 sm:flex sm:flex-wrap gap-x-6 gap-y-3">
        <SelectField
          label="Asset class"
          value=""
          options={options(
            "classes",
            ASSET_CLASSES.map((name) => [name, words(name)] as const),
          )}
          onChange={(event) => {
            add("classes", event.target.value);
          }}
        />
        <SelectField
          label="Currency"
          value=""
          options={options(
            "currencies",
            currencies.map((code) => [code, code] as const),
          )}
          onChange={(event) => {
            add("currencies", event.target.value);
          }}
        />
        <SelectField
          label="Instrument"
          value=""
          options={options(
            "instruments",
            instruments.map((item) => [item.id, `${item.symbol} ${item.name}`] as const),
          )}
          onChange={(event) => {
            add("instruments", event.target.value);
          }}
        />
        <AccountParts slice={slice} onChange={set} />
      </div>
      {slice.tags.length +
        slice.classes.length +
        slice.currencies.length +
        slice.instruments.length >
        0 && (
        <ul className="flex flex-wrap items-center gap-2 mt-3" aria-label="Only">
          {slice.classes.map((name) => (
            <Taken
              key={name}
              label={words(name)}
              onRemove={() => {
                set({ ...slice, classes: slice.classes.filter((one) => one !== name) });
              }}
            />
          ))}
          {slice.currencies.map((name) => (
            <Taken
              key={name}
              label={name}
              onRemove={() => {
                set({ ...slice, currencies: slice.currencies.filter((one) => one !== name) });
              }}
            />
          ))}
          {slice.tags.map((name) => (
            <Taken
              key={name}
              label={`#${name}`}
              onRemove={() => {
                set({ ...slice, tags: slice.tags.filter((one) => one !== name) });
              }}
            />
          ))}
          {slice.instruments.map((name) => (
            <Taken
              key={name}
              label={symbolOf(name)}
              onRemove={() => {
                set({ ...slice, instruments: slice.instruments.filter((one) => one !== name) });
              }}
            />
          ))}
          <li>
            <button
              type="button"
              className="lnk text-sm"
              onClick={() => {
                set({ ...slice, ...EMPTY });
              }}
            >
              Show everything
            </button>
          </li>
        </ul>
      )}
    </section>
  );
}

type PartsProps = { slice: Slice; onChange: (slice: Slice) => void };

/** Groups and tags, where accounts have any; and the currency all figures are told in. */
function AccountParts({ slice, onChange }: PartsProps) {
  const { data } = useQuery(accountsQuery);
  const accounts = data?.items ?? [];
  const groups = [...new Set(accounts.map((one) => one.group_name))].filter(Boolean).sort();
  const tags = [...new Set(accounts.flatMap((one) => one.tags))].sort();
  return (
    <>
      {groups.length > 0 && (
        <SelectField
          label="Group"
          value={slice.groups[0] ?? ""}
          options={[["", "All"], ...groups.map((name) => [name, name] as const)]}
          onChange={(event) => {
            onChange({ ...slice, groups: event.target.value ? [event.target.value] : [] });
          }}
        />
      )}
      {tags.length > 0 && (
        <SelectField
          label="Tag"
          value=""
          options={[
            ["", slice.tags.length ? "Add…" : "All"],
            ...tags
              .filter((name) => !slice.tags.includes(name))
              .map((name) => [name, name] as const),
          ]}
          onChange={(event) => {
            if (event.target.value)
              onChange({ ...slice, tags: [...slice.tags, event.target.value] });
          }}
        />
      )}
      <SelectField
        label="Shown in"
        value={slice.base ?? ""}
        options={[["", "Usual currency"], ...CURRENCY_OPTIONS]}
        onChange={(event) => {
          onChange({ ...slice, base: event.target.value || undefined });
        }}
      />
    </>
  );
}

function Taken({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className="btn line min-h-6" onClick={onRemove}>
        {label}
        <span aria-hidden="true" className="ml-2">
          ×
        </span>
        <span className="sr"> take away</span>
      </button>
    </li>
  );
}
