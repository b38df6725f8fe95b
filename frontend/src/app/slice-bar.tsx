import { useQuery } from "@tanstack/react-query";
import { accountsQuery } from "@/shared/api/accounts";
import { instrumentQuery, instrumentsQuery } from "@/shared/api/instruments";
import { words } from "@/shared/format/format";
import { ASSET_CLASSES, isSliced, sliceOf, sliceText, type Slice } from "@/shared/slice";
import { CURRENCY_OPTIONS, SelectField } from "@/shared/ui/field";
import { InstrumentChoice } from "./instrument-choice";
import { CategoryField, useCategoryName } from "./slice-categories";
import { usePageSearch } from "./use-search";

type Sort = "classes" | "currencies" | "instruments" | "categories" | "tags";
const EMPTY = {
  classes: [],
  currencies: [],
  instruments: [],
  categories: [],
  groups: [],
  tags: [],
};
const without = <T extends string>(names: readonly T[], taken: T) =>
  names.filter((name) => name !== taken);

/**
 * Narrows a page to a part of the portfolio; each name can be taken away again. Without `hasBase`
 * its figures keep a currency of their own.
 */
export function SliceBar({ hasBase = true }: { hasBase?: boolean }) {
  const [search, change] = usePageSearch();
  const currencies = useCurrencies();
  const slice = sliceOf(search);
  const set = (next: Slice) => {
    change(sliceText(next));
  };
  const add = (sort: Sort, name: string | undefined) => {
    if (name && !(slice[sort] as readonly string[]).includes(name)) {
      set({ ...slice, [sort]: [...slice[sort], name] });
    }
  };
  const options = (sort: Sort, all: readonly (readonly [string, string])[]) => [
    ["", slice[sort].length ? "Add…" : "All"] as const,
    ...all.filter(([name]) => !(slice[sort] as readonly string[]).includes(name)),
  ];
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
        <InstrumentChoice
          key={slice.instruments.join(" ")}
          value={undefined}
          onChange={(id) => {
            add("instruments", id);
          }}
        />
        <CategoryField
          chosen={slice.categories}
          onAdd={(name) => {
            add("categories", name);
          }}
        />
        <AccountParts slice={slice} onChange={set} hasBase={hasBase} />
      </div>
      <Chosen slice={slice} onChange={set} />
    </section>
  );
}

/** Of accounts, of some instruments, and those most have. */
function useCurrencies(): string[] {
  const accounts = useQuery(accountsQuery);
  const instruments = useQuery(instrumentsQuery("", 200));
  const used = [
    ...(accounts.data?.items ?? []).map((one) => one.base_currency),
    ...(instruments.data?.items ?? []).map((one) => one.currency),
    ...CURRENCY_OPTIONS.map(([code]) => code),
  ];
  return [...new Set(used)].sort();
}

type PartsProps = { slice: Slice; onChange: (slice: Slice) => void };

/** What was named, each to be taken away. */
function Chosen({ slice, onChange }: PartsProps) {
  const nameOf = useCategoryName();
  if (slice.tags.length === 0 && !isSliced(slice)) return null;
  return (
    <ul className="flex flex-wrap items-center gap-2 mt-3" aria-label="Only">
      {slice.classes.map((name) => (
        <Taken
          key={name}
          label={words(name)}
          onRemove={() => {
            onChange({ ...slice, classes: without(slice.classes, name) });
          }}
        />
      ))}
      {slice.currencies.map((name) => (
        <Taken
          key={name}
          label={name}
          onRemove={() => {
            onChange({ ...slice, currencies: without(slice.currencies, name) });
          }}
        />
      ))}
      {slice.tags.map((name) => (
        <Taken
          key={name}
          label={`#${name}`}
          onRemove={() => {
            onChange({ ...slice, tags: without(slice.tags, name) });
          }}
        />
      ))}
      {slice.categories.map((name) => (
        <Taken
          key={name}
          label={nameOf(name)}
          onRemove={() => {
            onChange({ ...slice, categories: without(slice.categories, name) });
          }}
        />
      ))}
      {slice.instruments.map((id) => (
        <TakenInstrument
          key={id}
          id={id}
          onRemove={() => {
            onChange({ ...slice, instruments: without(slice.instruments, id) });
          }}
        />
      ))}
      <li>
        <button
          type="button"
          className="no-print lnk text-sm"
          onClick={() => {
            onChange({ ...slice, ...EMPTY });
          }}
        >
          Show everything
        </button>
      </li>
    </ul>
  );
}

function TakenInstrument({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { data } = useQuery(instrumentQuery(id));
  return <Taken label={data?.symbol ?? "An instrument"} onRemove={onRemove} />;
}

/** All there is to choose; what is chosen stands there, though nothing has that name any more. */
const withChosen = (all: readonly string[], chosen: string | undefined) =>
  chosen && !all.includes(chosen) ? [...all, chosen] : all;

/** Groups and tags, where accounts have any; and the currency all figures are told in. */
function AccountParts({ slice, onChange, hasBase }: PartsProps & { hasBase: boolean }) {
  const { data } = useQuery(accountsQuery);
  const accounts = data?.items ?? [];
  const named = [...new Set(accounts.map((one) => one.group_name))].filter(Boolean).sort();
  const groups = withChosen(named, slice.groups[0]);
  const codes = withChosen(
    CURRENCY_OPTIONS.map(([code]) => code),
    slice.base,
  );
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
      {hasBase && (
        <SelectField
          label="Shown in"
          value={slice.base ?? ""}
          options={[["", "Usual currency"], ...codes.map((code) => [code, code] as const)]}
          onChange={(event) => {
            onChange({ ...slice, base: event.target.value || undefined });
          }}
        />
      )}
    </>
  );
}

function Taken({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className="said btn line min-h-6" onClick={onRemove}>
        {label}
        <span aria-hidden="true" className="no-print ml-2">
          ×
        </span>
        <span className="sr"> take away</span>
      </button>
    </li>
  );
}
