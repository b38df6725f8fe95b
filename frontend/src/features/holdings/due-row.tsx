import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { HoldingsOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { usePartSearch } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { Weight } from "./weight";

type Props = { data: HoldingsOut; account: string | undefined };
const NAMED = 4;

/** Income whose ex-date has passed and whose cash has not come; part of the value. */
export function DueRow({ data, account }: Props) {
  const search = { ...useScopeSearch(), ...usePartSearch() };
  const reason = reasonText(data.receivables.flatMap((due) => due.unknown_reasons).slice(0, 1));
  const path = (figure: string) =>
    explainPath("allocation/node", { key: "receivable", figure, account_id: account });
  const names = data.receivables.map((due) => `${due.symbol ?? "?"} ex ${day(due.ex_date)}`);
  const more = names.length - NAMED;
  return (
    <tr>
      <td>
        <Link to="/income" search={search} className="lnk font-semibold">
          Income due
        </Link>
        <span className="md:block text-xs text-ink-2 max-md:hidden">
          {names.slice(0, NAMED).join(", ")}
          {more > 0 && ` and ${String(more)} more`}
        </span>
      </td>
      <td className="max-md:hidden" />
      <td className="max-md:hidden" />
      <td>
        <span className="font-medium">
          <Why figure="Income due" path={path("value")}>
            <Money value={data.total_receivable} currency={data.currency} reason={reason} />
          </Why>
        </span>
      </td>
      <td className="max-md:hidden num">
        <Why figure="Weight of income due" path={path("weight_ratio")}>
          <Weight ratio={data.receivable_weight_ratio} color="var(--edge)" reason={reason} />
        </Why>
      </td>
      <td className="max-lg:hidden" />
      <td className="max-md:hidden" />
    </tr>
  );
}
