import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { decideDataFinding } from "@/shared/api/gen/sdk.gen";
import type { FindingDecisionIn, FindingOut } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { overrideName } from "./kinds";

/** Accept a finding as it is, or take the other word over; never without a reason. */
export function DecideForm({ finding }: { finding: FindingOut }) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState<string>();
  const decide = useMutation({
    mutationFn: (body: FindingDecisionIn) =>
      unwrap(
        decideDataFinding({
          path: { finding_id: finding.id },
          body,
          headers: { "Idempotency-Key": attempt.keyFor(body) },
        }),
      ),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["operations", "data"] });
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
    onSuccess: attempt.settle,
  });
  const choose = (decision: FindingDecisionIn["decision"]) => () => {
    const plain = reason.trim();
    setMissing(plain.length < 3 ? "say why, in a few words" : undefined);
    if (plain.length >= 3) decide.mutate({ decision, reason: plain });
  };
  return (
    <div className="flex flex-col gap-2 max-w-2xl">
      <TextField
        label={`Reason to decide on ${finding.symbol}`}
        value={reason}
        maxLength={500}
        error={missing ?? fieldError(decide.error, "reason")}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className="btn line"
          disabled={decide.isPending}
          onClick={choose("accepted")}
        >
          Accept as it is
        </button>
        {finding.can_override && (
          <button
            type="button"
            className="btn line"
            disabled={decide.isPending}
            onClick={choose("overridden")}
          >
            {overrideName(finding)}
          </button>
        )}
      </div>
      {decide.error && !fieldError(decide.error, "reason") && (
        <ProblemNotice error={decide.error} title="Nothing was decided" />
      )}
    </div>
  );
}
