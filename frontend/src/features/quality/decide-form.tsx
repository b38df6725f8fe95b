import { decideDataFinding } from "@/shared/api/gen/sdk.gen";
import type { FindingDecisionIn, FindingOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { overrideName } from "./kinds";
import { ReasonedForm } from "./reasoned-form";

type Choice = readonly [FindingDecisionIn["decision"], string];

/** Accept a finding as it is, or take the other word over. */
export function DecideForm({ finding }: { finding: FindingOut }) {
  const accept: Choice = ["accepted", "Accept as it is"];
  const override: Choice = ["overridden", overrideName(finding)];
  return (
    <ReasonedForm
      label={`Reason to decide on ${finding.symbol}`}
      choices={finding.can_override ? [accept, override] : [accept]}
      send={(body, key) =>
        unwrap(
          decideDataFinding({
            path: { finding_id: finding.id },
            body,
            headers: { "Idempotency-Key": key },
          }),
        )
      }
    />
  );
}
