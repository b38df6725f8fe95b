import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { decideQuarantined } from "@/shared/api/gen/sdk.gen";
import type { HeldBarOut, HeldDecisionIn } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

/** Store a price that was held back, or reject it for good; never without a reason. */
export function HeldForm({ bar }: { bar: HeldBarOut }) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState<string>();
  const decide = useMutation({
    mutationFn: (body: HeldDecisionIn) =>
      unwrap(
        decideQuarantined({
          path: { held_id: bar.id },
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
  const choose = (decision: HeldDecisionIn["decision"]) => () => {
    const plain = reason.trim();
    setMissing(plain.length < 3 ? "say why, in a few words" : undefined);
    if (plain.length >= 3) decide.mutate({ decision, reason: plain });
  };
  return (
    <div className="flex flex-col gap-2 max-w-2xl">
      <TextField
        label={`Reason to decide on ${bar.symbol} of ${bar.day}`}
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
          Store it
        </button>
        <button
          type="button"
          className="btn line"
          disabled={decide.isPending}
          onClick={choose("rejected")}
        >
          Reject it
        </button>
      </div>
      {decide.error && !fieldError(decide.error, "reason") && (
        <ProblemNotice error={decide.error} title="Nothing was decided" />
      )}
    </div>
  );
}
