import { decideQuarantined } from "@/shared/api/gen/sdk.gen";
import type { HeldBarOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { ReasonedForm } from "./reasoned-form";

const CHOICES = [
  ["accepted", "Store it"],
  ["rejected", "Reject it"],
] as const;

/** Store a price that was held back, or reject it for good. */
export function HeldForm({ bar }: { bar: HeldBarOut }) {
  return (
    <ReasonedForm
      label={`Reason to decide on ${bar.symbol} of ${bar.day}`}
      choices={CHOICES}
      send={(body, key) =>
        unwrap(
          decideQuarantined({
            path: { held_id: bar.id },
            body,
            headers: { "Idempotency-Key": key },
          }),
        )
      }
    />
  );
}
