import { AlertTriangle } from "lucide-react";
import type { TransactionOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { reviewReason } from "./reasons";
import { TransactionDetail } from "./transaction-detail";

type Props = {
  item: TransactionOut;
  isOpen: boolean;
  onToggle: () => void;
  onReversed: () => void;
};

/** Where a cell stands in the two lines a row has on a phone. */
const LINE_2 = "max-md:row-start-2 max-md:text-xs max-md:text-ink-2";

export function TransactionRow({ item, isOpen, onToggle, onReversed }: Props) {
  const isVoid = item.is_reversed || item.kind === "reversal";
  return (
    <>
      <tr className={isVoid ? "text-ink-2 line-through" : ""}>
        <td className={`whitespace-nowrap max-md:col-start-1 ${LINE_2}`}>
          {day(item.trade_date)}
          <Units item={item} />
        </td>
        <td className="!text-left max-md:col-start-1 max-md:row-start-1 min-w-0">
          <What item={item} isOpen={isOpen} onToggle={onToggle} />
        </td>
        <td className="num max-md:hidden">
          {item.quantity === null ? "" : quantity(item.quantity)}
        </td>
        <td className="max-md:hidden">
          {item.price !== null && <Money value={item.price} currency={item.currency} />}
        </td>
        <td className="max-lg:hidden">
          {item.fee && <Money value={item.fee.amount} currency={item.fee.currency} />}
          {item.tax && (
            <span className="block">
              <Money value={item.tax.amount} currency={item.tax.currency} />
            </span>
          )}
        </td>
        <td className="max-md:col-start-2 max-md:row-start-1 max-md:!text-right font-medium md:font-normal">
          {item.net_amount !== null && (
            <Money value={item.net_amount} currency={item.currency} signed />
          )}
        </td>
        <td
          className={`max-md:col-start-2 max-md:!text-right max-md:max-w-[44vw] truncate md:max-w-[22ch] ${LINE_2}`}
          title={item.account_name}
        >
          {item.account_name}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={7} className="!text-left max-md:col-span-2">
            <TransactionDetail id={item.id} onReversed={onReversed} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Units and price in the second line; on a wide screen they have columns of their own. */
function Units({ item }: { item: TransactionOut }) {
  if (item.quantity === null) return null;
  return (
    <span className="md:hidden num ml-2">
      {quantity(item.quantity)}
      {item.price !== null && (
        <>
          {" at "}
          <Money value={item.price} currency={item.currency} />
        </>
      )}
    </span>
  );
}

function What({ item, isOpen, onToggle }: Omit<Props, "onReversed">) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <button
        type="button"
        className="said text-left min-h-6 cursor-pointer hover:underline"
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <span className="font-medium">{words(item.kind)}</span>
        {item.symbol && ` ${item.symbol}`}
        {item.sub_kind && (
          <span className="text-ink-2">, {words(item.sub_kind).toLowerCase()}</span>
        )}
      </button>
      {item.review_reasons.length > 0 && (
        <span className="chip text-warn" title={item.review_reasons.map(reviewReason).join("; ")}>
          <AlertTriangle aria-hidden="true" size={12} />
          review
        </span>
      )}
    </span>
  );
}
