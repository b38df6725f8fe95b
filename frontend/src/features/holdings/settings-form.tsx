import { useState, type FormEvent } from "react";
import type { CouponIn, InstrumentSettingsOut } from "@/shared/api/gen/types.gen";
import { percentOf, ratioOf } from "@/shared/format/percent";
import { fieldError } from "@/shared/api/problem";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { isBond, isShare, usualKind, useSettings, type Sayable } from "./use-settings";

type Props = { instrument: Sayable; said: InstrumentSettingsOut; onDone: () => void };

const KINDS = [
  ["common", "Common"],
  ["preferred", "Preferred"],
] as const;
const COUNTS = [
  ["1", "once a year"],
  ["2", "twice a year"],
  ["4", "four times a year"],
  ["12", "every month"],
] as const;

/** Says it, by the version one saw. */
export function SettingsForm({ instrument, said, onDone }: Props) {
  const set = useSettings(instrument.id);
  const [wrong, setWrong] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const coupon = isBond(instrument) ? couponOf(form) : said.coupon;
    setWrong(coupon === undefined ? "say all four, or none of them" : undefined);
    if (coupon === undefined) return;
    const kind = isShare(instrument) ? kindOf(form) : said.share_kind;
    set.mutate({ share_kind: kind, coupon, version: said.version }, { onSuccess: onDone });
  };
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 max-w-2xl mt-4"
      aria-label="What it is"
      noValidate
    >
      {set.error && <ProblemNotice error={set.error} title="This was not kept" />}
      {isShare(instrument) && (
        <SelectField
          label="Stock"
          name="share_kind"
          options={usualKind(instrument) ? KINDS : [["", "Not said"], ...KINDS]}
          defaultValue={said.share_kind ?? usualKind(instrument) ?? ""}
        />
      )}
      {isBond(instrument) && <CouponFields said={said} error={set.error} wrong={wrong} />}
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn primary" disabled={set.isPending}>
          {set.isPending ? "Saving…" : "Save"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

type CouponProps = {
  said: InstrumentSettingsOut;
  error: Error | null;
  wrong: string | undefined;
};

function CouponFields({ said: { coupon }, error, wrong }: CouponProps) {
  return (
    <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
      <TextField
        label="Coupon, % a year"
        name="coupon"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={coupon ? percentOf(coupon.coupon_ratio) : ""}
        hint="of the face value"
        error={wrong ?? fieldError(error, "coupon_ratio")}
      />
      <TextField
        label="Face value of one unit"
        name="face_value"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={coupon?.face_value ?? ""}
        hint="as units are counted in your records"
        error={fieldError(error, "face_value")}
      />
      <SelectField
        label="Paid"
        name="coupons_per_year"
        options={COUNTS}
        defaultValue={String(coupon?.coupons_per_year ?? 2)}
      />
      <TextField
        label="Matures on"
        name="matures_on"
        type="date"
        defaultValue={coupon?.matures_on ?? ""}
        error={fieldError(error, "matures_on")}
      />
    </div>
  );
}

const textOf = (form: FormData, name: string): string => {
  const found = form.get(name);
  return typeof found === "string" ? found.trim() : "";
};

const kindOf = (form: FormData) =>
  KINDS.map(([kind]) => kind).find((kind) => kind === textOf(form, "share_kind")) ?? null;

/** A whole coupon, null where nothing is typed, undefined where something is missing. */
function couponOf(form: FormData): CouponIn | null | undefined {
  const [rate, face, due] = ["coupon", "face_value", "matures_on"].map((n) => textOf(form, n));
  if (!rate && !face && !due) return null;
  if (!rate || !/^\d+(\.\d+)?$/.test(rate) || !face || !due) return undefined;
  const count = Number(textOf(form, "coupons_per_year"));
  const times = ([1, 2, 4, 12] as const).find((one) => one === count) ?? 2;
  return {
    coupon_ratio: ratioOf(rate),
    face_value: face,
    coupons_per_year: times,
    matures_on: due,
  };
}
