import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { fieldError } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

type Decision<Choice> = { decision: Choice; reason: string };

/** A decision of an operator among a few, never without a reason. */
export function ReasonedForm<Choice extends string>({
  label,
  choices,
  send,
}: {
  label: string;
  choices: readonly (readonly [Choice, string])[];
  send: (body: Decision<Choice>, key: string) => Promise<unknown>;
}) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState<string>();
  const decide = useMutation({
    mutationFn: (body: Decision<Choice>) => send(body, attempt.keyFor(body)),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["operations", "data"] });
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
    onSuccess: attempt.settle,
  });
  const choose = (decision: Choice) => () => {
    const plain = reason.trim();
    setMissing(plain.length < 3 ? "say why, in a few words" : undefined);
    if (plain.length >= 3) decide.mutate({ decision, reason: plain });
  };
  return (
    <div className="flex flex-col gap-2 max-w-2xl">
      <TextField
        label={label}
        value={reason}
        maxLength={500}
        error={missing ?? fieldError(decide.error, "reason")}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      <div className="flex flex-wrap gap-3">
        {choices.map(([decision, name]) => (
          <button
            key={decision}
            type="button"
            className="btn line"
            disabled={decide.isPending}
            onClick={choose(decision)}
          >
            {name}
          </button>
        ))}
      </div>
      {decide.error && !fieldError(decide.error, "reason") && (
        <ProblemNotice error={decide.error} title="Nothing was decided" />
      )}
    </div>
  );
}
