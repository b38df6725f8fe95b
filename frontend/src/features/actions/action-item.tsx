import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import type { ActionAccountOut, ActionOut, ActionState } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice } from "@/shared/ui/states";
import { effect, headline, STATE_NAMES, warningText } from "./phrases";
import { PreviewPanel } from "./preview-panel";
import { useDecision, type Prices, type Verb } from "./use-decision";

type Props = {
  action: ActionOut;
  renderEdit: (action: ActionOut, onDone: () => void) => ReactNode;
};

/** One event: what it is, what it means for each account, and what can be done about it. */
export function ActionItem({ action, renderEdit }: Props) {
  const [open, setOpen] = useState<"preview" | "terms" | null>(null);
  const title = useId();
  const decision = useDecision(action.id);
  const inState = (state: ActionState) =>
    action.accounts.filter((account) => account.state === state).map((one) => one.account_id);
  const decide = (verb: Verb, accounts: readonly string[], prices?: Prices) => {
    decision.mutate(
      { verb, accounts, prices },
      {
        onSuccess: () => {
          setOpen(null);
        },
      },
    );
  };
  const toggle = (what: "preview" | "terms") => {
    setOpen(open === what ? null : what);
  };
  return (
    <li className="border-b border-rule py-4" aria-labelledby={title}>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id={title} className="text-base font-semibold">
          {headline(action)}
        </h2>
        <span className="text-sm text-ink-2">{dates(action)}</span>
        <Origin action={action} />
      </div>
      <ul className="mt-1.5 flex flex-col gap-1.5">
        {action.accounts.map((account) => (
          <AccountLine key={account.account_id} action={action} account={account} />
        ))}
        {action.accounts.length === 0 && (
          <li className="text-sm text-ink-2">No account held {action.symbol} on the day before.</li>
        )}
      </ul>
      {action.note && <p className="text-sm text-ink-2 mt-1.5">{action.note}</p>}
      <Buttons
        inState={inState}
        open={open}
        isBusy={decision.isPending}
        onToggle={toggle}
        onDecide={decide}
      />
      {decision.error && <ProblemNotice error={decision.error} title="That did not happen" />}
      {open === "preview" && (
        <PreviewPanel
          action={action}
          isBusy={decision.isPending}
          onApply={(accounts, prices) => {
            decide("apply", accounts, prices);
          }}
        />
      )}
      {open === "terms" &&
        renderEdit(action, () => {
          setOpen(null);
        })}
    </li>
  );
}

function dates(action: ActionOut): string {
  const paid = action.pay_date ? `, paid ${day(action.pay_date)}` : "";
  return `on ${day(action.ex_date)}${paid}`;
}

function Origin({ action }: { action: ActionOut }) {
  const said = action.is_own ? "your own event" : action.is_overridden ? "with your terms" : null;
  return said && <span className="text-xs text-ink-2">{said}</span>;
}

function AccountLine({ action, account }: { action: ActionOut; account: ActionAccountOut }) {
  const cash = account.cash_amount?.replace("-", "") ?? null;
  return (
    <li className="text-sm">
      <span className="first-letter:uppercase inline-block">
        {effect(action, account)}
        {cash !== null && account.currency !== null && (
          <>
            {" "}
            <Money value={cash} currency={account.currency} />
          </>
        )}
        .
      </span>{" "}
      <span className="text-ink-2">
        {STATE_NAMES[account.state]}
        {account.was_reversed && account.state === "pending" ? ", reversed before" : ""}.
      </span>{" "}
      {account.transaction_ids.length > 0 && (
        <Link
          to="/transactions"
          search={{ account: account.account_id, instrument: action.instrument_id }}
          className="lnk"
        >
          Show the records
        </Link>
      )}
      {account.warnings.map((code) => (
        <p key={code} className="text-xs text-ink-2 flex items-start gap-1.5 mt-1">
          <TriangleAlert aria-hidden="true" size={13} className="mt-0.5 shrink-0 text-warn" />
          <span>{warningText(code)}</span>
        </p>
      ))}
    </li>
  );
}

type ButtonsProps = {
  inState: (state: ActionState) => readonly string[];
  open: "preview" | "terms" | null;
  isBusy: boolean;
  onToggle: (what: "preview" | "terms") => void;
  onDecide: (verb: Verb, accounts: readonly string[]) => void;
};

function Buttons({ inState, open, isBusy, onToggle, onDecide }: ButtonsProps) {
  const decide = (verb: Verb, state: ActionState, label: string) =>
    inState(state).length > 0 && (
      <button
        type="button"
        className="btn line"
        disabled={isBusy}
        onClick={() => {
          onDecide(verb, inState(state));
        }}
      >
        {label}
      </button>
    );
  const waits = inState("pending").length > 0 || inState("upcoming").length > 0;
  return (
    <div className="flex flex-wrap gap-2 mt-3 mb-1">
      {waits && (
        <button
          type="button"
          className="btn line"
          aria-expanded={open === "preview"}
          onClick={() => {
            onToggle("preview");
          }}
        >
          Preview
        </button>
      )}
      {decide("dismiss", "pending", "Dismiss")}
      {decide("reverse", "applied", "Reverse")}
      {decide("undismiss", "dismissed", "Bring back")}
      {inState("applied").length === 0 && (
        <button
          type="button"
          className="btn line"
          aria-expanded={open === "terms"}
          onClick={() => {
            onToggle("terms");
          }}
        >
          Edit terms
        </button>
      )}
    </div>
  );
}
