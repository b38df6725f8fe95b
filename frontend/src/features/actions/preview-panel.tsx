import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type {
  ActionOut,
  ActionPositionOut,
  ActionPreviewAccountOut,
  ActionRecordOut,
} from "@/shared/api/gen/types.gen";
import { explainPath, keptExplanation } from "@/shared/api/explanations";
import { day, quantity, words } from "@/shared/format/format";
import { Money, tone } from "@/shared/ui/figures";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";
import { PreviewLots } from "./preview-lots";
import { previewQuery } from "./queries";
import type { Prices } from "./use-decision";

const UNKNOWN = "the cost of some units is not known";

type Props = {
  action: ActionOut;
  isBusy: boolean;
  onApply: (accounts: readonly string[], prices: Prices) => void;
};

/** What applying would post and change, account by account. Nothing is written by looking. */
export function PreviewPanel({ action, isBusy, onApply }: Props) {
  const [prices, setPrices] = useState<Prices>({});
  const { data, error, refetch } = useQuery(previewQuery(action.id, []));
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Working out what would change" rows={4} height={24} />
    );
  }
  const waiting = data.accounts.filter(
    (account) => account.state === "pending" && account.records.length > 0,
  );
  return (
    <section aria-label={`Preview of ${action.symbol}`} className="note mt-3 flex flex-col gap-5">
      {data.accounts.map((account) => (
        <div key={account.account_id} className="flex flex-col gap-3">
          <AccountPreview account={account} />
          {waiting.includes(account) && (
            <Reinvested
              line={action.accounts.find((line) => line.account_id === account.account_id)}
              price={prices[account.account_id] ?? ""}
              onChange={(price) => {
                setPrices({ ...prices, [account.account_id]: price });
              }}
            />
          )}
          {waiting.length > 1 && waiting.includes(account) && (
            <button
              type="button"
              className="btn line self-start"
              disabled={isBusy}
              onClick={() => {
                onApply([account.account_id], prices);
              }}
            >
              {`Apply to ${account.account_name} only`}
            </button>
          )}
        </div>
      ))}
      {waiting.length > 0 ? (
        <button
          type="button"
          className="btn primary self-start"
          disabled={isBusy}
          onClick={() => {
            onApply(
              waiting.map((account) => account.account_id),
              prices,
            );
          }}
        >
          {isBusy
            ? "Applying…"
            : waiting.length === 1
              ? `Apply to ${waiting[0]?.account_name ?? ""}`
              : `Apply to ${String(waiting.length)} accounts`}
        </button>
      ) : (
        <p className="text-sm text-ink-2">There is nothing to apply yet.</p>
      )}
    </section>
  );
}

type ReinvestedProps = {
  line: ActionOut["accounts"][number] | undefined;
  price: string;
  onChange: (price: string) => void;
};

/** Offered where one prefers to put income back: the price is the broker's, nobody else knows it. */
function Reinvested({ line, price, onChange }: ReinvestedProps) {
  if (line?.income_handling !== "reinvest") return null;
  return (
    <TextField
      label={`Price it was reinvested at in ${line.account_name}`}
      hint={`In ${line.currency ?? "its currency"}, for one unit. Left empty, the dividend is recorded as cash.`}
      inputMode="decimal"
      className="max-w-44"
      value={price}
      onChange={(event) => {
        onChange(event.target.value.trim());
      }}
    />
  );
}

function AccountPreview({ account }: { account: ActionPreviewAccountOut }) {
  const changed = account.realized.filter(({ before, after }) => before !== after);
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-semibold text-sm">{account.account_name}</h3>
      <Records records={account.records} />
      <Sides account={account} />
      <PreviewLots account={account} />
      {changed.map(({ currency, before, after }) => (
        <p key={currency} className="text-sm">
          Realized on these instruments in all:{" "}
          <Why
            figure="Realized without the event"
            path={keptExplanation(account.explanations, "realized_before", currency)}
          >
            <Money value={before} currency={currency} signed reason={UNKNOWN} />
          </Why>{" "}
          before,{" "}
          <Why
            figure="Realized with the event"
            path={keptExplanation(account.explanations, "realized", currency)}
          >
            <Money
              value={after}
              currency={currency}
              signed
              reason={UNKNOWN}
              className={tone(after)}
            />
          </Why>{" "}
          after.
        </p>
      ))}
      {account.notes.map((note) => (
        <p key={note.reason_code + note.message} className="text-sm text-warn">
          To look at afterwards: {note.message}.
        </p>
      ))}
    </div>
  );
}

function Records({ records }: { records: readonly ActionRecordOut[] }) {
  return (
    <ul className="text-sm list-disc pl-5">
      {records.map((record, place) => (
        <li key={place}>
          {day(record.trade_date)}: {words(record.kind)} {record.symbol}
          {record.ratio !== null && `, × ${quantity(record.ratio)}`}
          {record.quantity !== null && `, ${quantity(record.quantity)} units`}
          {record.amount !== null && (
            <>
              , <Money value={record.amount} currency={record.currency} signed />
            </>
          )}
        </li>
      ))}
      {records.length === 0 && <li>No record would be posted.</li>}
    </ul>
  );
}

/** Positions and cash, before and after. */
function Sides({ account }: { account: ActionPreviewAccountOut }) {
  const then = (of: string, key: string) => keptExplanation(account.explanations, of, key);
  const now = (position: ActionPositionOut, figure: string) =>
    explainPath("position", {
      account_id: account.account_id,
      instrument_id: position.instrument_id,
      figure,
    });
  if (account.positions.length === 0 && account.cash.length === 0) return null;
  return (
    <div className="tablewrap">
      <table className="tbl" data-testid="preview">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {account.positions.map((position) => (
            <tr key={position.instrument_id}>
              <td className="!text-left">
                {position.symbol}
                <span className="block text-xs text-ink-2">cost</span>
              </td>
              <td>
                <Why figure={`Units of ${position.symbol} now`} path={now(position, "quantity")}>
                  <span className="num">{quantity(position.quantity_before)}</span>
                </Why>
                <span className="block text-xs text-ink-2">
                  <Why figure={`Cost of ${position.symbol} now`} path={now(position, "cost")}>
                    <Money
                      value={position.cost_before}
                      currency={position.currency}
                      reason={UNKNOWN}
                    />
                  </Why>
                </span>
              </td>
              <td>
                <Why
                  figure={`Units of ${position.symbol} with the event`}
                  path={then("units", position.instrument_id)}
                >
                  <span className="num font-semibold">{quantity(position.quantity_after)}</span>
                </Why>
                <span className="block text-xs text-ink-2">
                  <Why
                    figure={`Cost of ${position.symbol} with the event`}
                    path={then("cost", position.instrument_id)}
                  >
                    <Money
                      value={position.cost_after}
                      currency={position.currency}
                      reason={UNKNOWN}
                    />
                  </Why>
                </span>
              </td>
            </tr>
          ))}
          {account.cash.map(({ currency, before, after }) => (
            <tr key={currency}>
              <td className="!text-left">Cash, {currency}</td>
              <td>
                <Why
                  figure={`Cash in ${currency} now`}
                  path={explainPath("cash", { account_id: account.account_id, currency })}
                >
                  <Money value={before} currency={currency} />
                </Why>
              </td>
              <td>
                <Why figure={`Cash in ${currency} with the event`} path={then("cash", currency)}>
                  <Money value={after} currency={currency} className="font-semibold" />
                </Why>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
