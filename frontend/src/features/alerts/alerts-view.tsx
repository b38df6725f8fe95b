import { useState } from "react";
import { Toast, type Told } from "@/shared/ui/toast";
import { AlertsList } from "./alerts-list";
import { RuleForm, type Picked, type PickInstrument } from "./rule-form";
import { RulesList } from "./rules-list";

type Props = {
  canChange: boolean;
  /** What the first rule is offered for. */
  instrument: Picked | null;
  pick: PickInstrument;
};

/** Rules, and what they told. */
export function AlertsView({ canChange, instrument, pick }: Props) {
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      {canChange && <RuleForm instrument={instrument} pick={pick} tell={setTold} />}
      <AlertsList canChange={canChange} tell={setTold} />
      <div className="mt-10">
        <RulesList canChange={canChange} tell={setTold} />
      </div>
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}
