import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { setCheck } from "@/shared/api/gen/sdk.gen";
import type { CheckIn, CheckOut } from "@/shared/api/gen/types.gen";
import { ProblemError, unwrap } from "@/shared/api/problem";
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { percentOf, ratioOf } from "@/shared/format/percent";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { THRESHOLD_LABELS, TITLES } from "./phrases";
import { checksKey, checksQuery, isOfAll, type ChecksFilter } from "./queries";

const BY_TAXONOMY: readonly CheckOut["code"][] = [
  "largest_category",
  "one_country",
  "unclassified",
];
const PLAIN = /^\d{1,12}(\.\d{1,6})?$/;

type Props = { check: CheckOut; currency: string; filter: ChecksFilter };

/** A check's threshold, and whether it is asked at all. */
export function CheckForm({ check, currency, filter }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <button
        type="button"
        className="lnk"
        aria-label={`Change: ${TITLES[check.code]}`}
        onClick={() => {
          setOpen(true);
        }}
      >
        Change
      </button>
    );
  }
  return (
    <Fields
      check={check}
      currency={currency}
      filter={filter}
      onClose={() => {
        setOpen(false);
      }}
    />
  );
}

/** Saves over the version that was seen, whatever figures come in while somebody types. */
function useSaving({ code, version }: CheckOut, filter: ChecksFilter, onClose: () => void) {
  const { queryKey } = checksQuery(filter);
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState(version);
  return useMutation({
    mutationFn: (body: Omit<CheckIn, "version">) =>
      unwrap(setCheck({ path: { code }, body: { ...body, version: seen } })),
    onSuccess: async (made) => {
      onClose();
      // it answers for the whole portfolio: a part is asked for anew
      if (isOfAll(filter)) queryClient.setQueryData(queryKey, made);
      await queryClient.invalidateQueries({
        queryKey: checksKey,
        type: isOfAll(filter) ? "inactive" : "all",
      });
    },
    onError: async (error) => {
      if (!(error instanceof ProblemError) || error.problem.code !== "stale_version") return;
      // somebody else set it: what they set is shown, and this can be tried again over it
      await queryClient.invalidateQueries({ queryKey: checksKey });
      const shown = queryClient.getQueryData(queryKey);
      const theirs = shown?.items.find((found) => found.code === code);
      if (theirs) setSeen(theirs.version);
    },
  });
}

function Fields({ check, currency, filter, onClose }: Props & { onClose: () => void }) {
  const save = useSaving(check, filter, onClose);
  const [isEnabled, setEnabled] = useState(check.is_enabled);
  const [typed, setTyped] = useState(shownThreshold(check));
  const [amount, setAmount] = useState(check.amount ?? "");
  const [taxonomy, setTaxonomy] = useState(check.taxonomy_id ?? "");
  const isPlain = PLAIN.test(typed) && (amount === "" || PLAIN.test(amount));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPlain) return;
    save.mutate({
      is_enabled: isEnabled,
      threshold: check.unit === "ratio" ? ratioOf(typed) : typed,
      taxonomy_id: BY_TAXONOMY.includes(check.code) && taxonomy ? taxonomy : null,
      amount: check.code === "emergency_fund" && amount ? amount : null,
    });
  };
  return (
    <form
      aria-label={TITLES[check.code]}
      className="basis-full flex flex-col gap-3 py-3 text-ink"
      onSubmit={submit}
      noValidate
    >
      {save.error && <ProblemNotice error={save.error} title="Nothing was changed" />}
      <div className="grid sm:grid-cols-2 gap-3">
        <TextField
          label={THRESHOLD_LABELS[check.unit][check.direction] ?? "Threshold"}
          inputMode="decimal"
          value={typed}
          error={PLAIN.test(typed) ? undefined : "A plain number, such as 60"}
          onChange={(event) => {
            setTyped(event.target.value.trim());
          }}
        />
        {check.code === "emergency_fund" && (
          <TextField
            label={`Spending a month, ${currency}`}
            inputMode="decimal"
            value={amount}
            error={amount === "" || PLAIN.test(amount) ? undefined : "A plain number"}
            onChange={(event) => {
              setAmount(event.target.value.trim());
            }}
          />
        )}
        {BY_TAXONOMY.includes(check.code) && (
          <TaxonomyField value={taxonomy} onChange={setTaxonomy} />
        )}
      </div>
      <label className="inline-flex items-center gap-2 min-h-6">
        <input
          type="checkbox"
          className="size-4"
          checked={isEnabled}
          onChange={(event) => {
            setEnabled(event.target.checked);
          }}
        />
        Ask this
      </label>
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={!isPlain || save.isPending}>
          Save
        </button>
        <button type="button" className="btn line" onClick={onClose}>
          Close
        </button>
      </div>
    </form>
  );
}

const shownThreshold = ({ unit, threshold }: CheckOut): string =>
  unit === "ratio" ? percentOf(threshold) : threshold;

type TaxonomyProps = { value: string; onChange: (id: string) => void };

function TaxonomyField({ value, onChange }: TaxonomyProps) {
  const { data } = useQuery(taxonomiesQuery);
  const own = data?.items.map((item) => [item.id, item.name] as const) ?? [];
  return (
    <SelectField
      label="By taxonomy"
      value={value}
      options={[["", "The one that fits"], ...own]}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    />
  );
}
