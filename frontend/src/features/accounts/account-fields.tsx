import type { AccountIn, AccountOut } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError } from "@/shared/api/problem";
import { SelectField, TextField } from "@/shared/ui/field";

const KINDS = [
  ["brokerage", "Brokerage"],
  ["retirement", "Retirement"],
  ["cash", "Cash"],
  ["crypto", "Crypto"],
  ["other", "Other"],
] as const satisfies readonly (readonly [NonNullable<AccountIn["kind"]>, string])[];
const TAX_TREATMENTS = [
  ["taxable", "Taxable"],
  ["tax_deferred", "Tax deferred"],
  ["tax_free", "Tax free"],
] as const satisfies readonly (readonly [NonNullable<AccountIn["tax_treatment"]>, string])[];

const nameOf = (options: readonly (readonly [string, string])[], value: string): string =>
  options.find(([key]) => key === value)?.[1] ?? value;
export const kindName = (kind: string): string => nameOf(KINDS, kind);
export const taxName = (treatment: string): string => nameOf(TAX_TREATMENTS, treatment);

type Values = Pick<
  AccountOut,
  "name" | "broker" | "kind" | "tax_treatment" | "group_name" | "tags"
>;

/** What can be said of an account, when it is opened and later. */
export function AccountFields({ values, error }: { values?: Values; error: unknown }) {
  return (
    <>
      <TextField
        label="Account name"
        name="name"
        required
        maxLength={120}
        defaultValue={values?.name}
        error={nameError(error)}
      />
      <TextField
        label="Broker (optional)"
        name="broker"
        maxLength={80}
        defaultValue={values?.broker}
        error={fieldError(error, "broker") && "At most 80 characters on one line"}
      />
      <SelectField label="Kind" name="kind" options={KINDS} defaultValue={values?.kind} />
      <SelectField
        label="Tax"
        name="tax_treatment"
        options={TAX_TREATMENTS}
        defaultValue={values?.tax_treatment}
      />
      <TextField
        label="Group (optional)"
        name="group_name"
        maxLength={60}
        defaultValue={values?.group_name}
        hint="such as Retirement or Anna; figures can be asked of a group"
        error={fieldError(error, "group_name") && "At most 60 characters on one line"}
      />
      <TextField
        label="Tags (optional)"
        name="tags"
        defaultValue={values?.tags.join(", ")}
        hint="parted by commas"
        error={fieldError(error, "tags") && "At most 20 tags of 30 characters each"}
      />
    </>
  );
}

function nameError(error: unknown): string | undefined {
  if (error instanceof ProblemError && error.problem.code === "account_name_taken") {
    return "There is an account of that name";
  }
  return fieldError(error, "name") && "Enter a name, at most 120 characters";
}

/** Whether the fields above already say what is wrong. */
export const isBesideField = (error: unknown): boolean =>
  nameError(error) !== undefined ||
  ["broker", "group_name", "tags"].some((name) => fieldError(error, name) !== undefined);

/** The values of the form as the API takes them. */
export function readAccount(
  form: HTMLFormElement,
): Required<Omit<AccountIn, "lot_method" | "tax_currency" | "oversell">> {
  const data = new FormData(form);
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  return {
    name: text("name"),
    broker: text("broker"),
    group_name: text("group_name"),
    tags: text("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
    base_currency: text("base_currency"),
    kind: KINDS.find(([key]) => key === text("kind"))?.[0] ?? "brokerage",
    tax_treatment: TAX_TREATMENTS.find(([key]) => key === text("tax_treatment"))?.[0] ?? "taxable",
  };
}
