import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InstrumentSettingsOut } from "@/shared/api/gen/types.gen";
import { day, percent } from "@/shared/format/format";
import { Answered } from "@/shared/ui/answered";
import { Section } from "@/shared/ui/states";
import { SettingsForm } from "./settings-form";
import { isBond, isShare, settingsQuery, usualKind, type Sayable } from "./use-settings";

/** What no feed tells of an instrument, said by the portfolio itself. */
export function InstrumentSettings({ instrument }: { instrument: Sayable }) {
  const isSayable = isShare(instrument) || isBond(instrument);
  const query = useQuery({ ...settingsQuery(instrument.id), enabled: isSayable });
  const [isOpen, setOpen] = useState(false);
  if (!isSayable) return null;
  return (
    <Section
      id="settings"
      title="What it is"
      aside={
        query.data && (
          <button
            type="button"
            className="lnk"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            Change
          </button>
        )
      }
    >
      <Answered query={query} what="what it is" rows={1}>
        {(data) => (
          <>
            <p className="text-sm text-ink-2 max-w-[72ch]" data-testid="settings">
              {sentence(data, instrument)}
            </p>
            {isOpen && (
              <SettingsForm
                instrument={instrument}
                said={data}
                onDone={() => {
                  setOpen(false);
                }}
              />
            )}
          </>
        )}
      </Answered>
    </Section>
  );
}

const SHARES = {
  common: "Common stock.",
  preferred: "Preferred stock: dividends for more than 366 days have a holding rule of their own.",
} as const;

function sentence({ share_kind, coupon }: InstrumentSettingsOut, of: Sayable): string {
  const parts: string[] = [];
  const kind = share_kind ?? usualKind(of);
  if (isShare(of)) parts.push(kind ? SHARES[kind] : "Whether it is a stock is not said.");
  if (coupon) {
    const { coupon_ratio, face_value, coupons_per_year: count, matures_on } = coupon;
    parts.push(
      `${percent(coupon_ratio)} a year on ${face_value} ${of.currency} of face value a unit, ` +
        `in ${String(count)} ${count === 1 ? "payment" : "payments"}; matures on ${day(matures_on)}.`,
    );
  } else if (isBond(of)) {
    parts.push("Its coupon is not said: interest is estimated from what was paid.");
  }
  return parts.join(" ");
}
