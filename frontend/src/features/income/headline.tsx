import type { UseQueryResult } from "@tanstack/react-query";
import { explainPath } from "@/shared/api/explanations";
import type { IncomeOut, ProjectionOut, YieldOut, YieldsOut } from "@/shared/api/gen/types.gen";
import { day, percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Money, Unknown } from "@/shared/ui/figures";
import { Stat } from "@/shared/ui/stat";
import { Why } from "@/shared/ui/why";
import { whyAll } from "./phrases";
import type { IncomeFilter } from "./queries";

/** What was asked for beside the income, and may have failed. */
type Beside<T> = Pick<UseQueryResult<T>, "data" | "isError">;

type Props = {
  income: IncomeOut;
  projection: Beside<ProjectionOut>;
  yields: Beside<YieldsOut>;
  filter: IncomeFilter;
};

/** What was received, what is expected, and what that is of what is held. */
export function Headline({ income, projection, yields, filter }: Props) {
  const received = (figure: string) =>
    explainPath("income", { figure, account_id: filter.account, period: filter.period });
  const { currency, total } = income;
  const reason = whyAll(total.reasons);
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-4 gap-x-6 gap-y-4 mb-5">
      <Stat label="Received, net" sub={spanOf(income)}>
        <span data-testid="received">
          <Why mark figure="Income received, net" path={received("net")}>
            <Money value={total.net} currency={currency} digits={0} reason={reason} />
          </Why>
        </span>
      </Stat>
      <Stat
        label="Before tax"
        sub={
          <>
            <Why figure="Tax withheld" path={received("withheld")}>
              <Money value={total.withheld} currency={currency} reason={reason} />
            </Why>{" "}
            withheld
          </>
        }
      >
        <Why figure="Income received, gross" path={received("gross")}>
          <Money value={total.gross} currency={currency} digits={0} reason={reason} />
        </Why>
      </Stat>
      <Coming projection={projection} filter={filter} />
      <YieldStat yields={yields} filter={filter} />
    </dl>
  );
}

const spanOf = ({ from_date, to_date }: IncomeOut): string =>
  from_date === null ? `up to ${day(to_date)}` : `${day(from_date)} to ${day(to_date)}`;

function Coming({ projection: { data, isError }, filter }: Pick<Props, "projection" | "filter">) {
  if (!data) return <Awaited label="Next twelve months" isError={isError} />;
  const { total, currency } = data;
  return (
    <Stat
      label="Next twelve months"
      sub={
        <>
          {data.is_net_known ? "net, declared and estimated" : "tax not known of all of it"}
          {data.interest.count > 0 && (
            <span className="block" data-testid="interest">
              <Money
                value={data.interest.net}
                currency={currency}
                reason={whyAll(data.interest.reasons)}
              />{" "}
              of it interest, estimated
            </span>
          )}
        </>
      }
    >
      <Why
        mark
        figure="Income expected, net"
        path={explainPath("income/projection", { figure: "net", account_id: filter.account })}
      >
        <Money value={total.net} currency={currency} digits={0} reason={whyAll(total.reasons)} />
      </Why>
    </Stat>
  );
}

/** A figure that is not there yet, or will not come: the page says beside it how to ask again. */
const Awaited = ({ label, isError }: { label: string; isError: boolean }) => (
  <Stat label={label}>{isError ? <Unknown reason="it could not be loaded" /> : "…"}</Stat>
);

function YieldStat({ yields: { data, isError }, filter }: Pick<Props, "yields" | "filter">) {
  if (!data) return <Awaited label="Yield" isError={isError} />;
  const path = (figure: string) =>
    explainPath("income/yields", { figure, account_id: filter.account });
  return (
    <Stat
      label="Yield, forward"
      sub={
        <>
          <Why figure="Trailing yield" path={path("trailing")}>
            <YieldFigure found={data.trailing} />
          </Why>{" "}
          trailing,{" "}
          <Why figure="Yield on cost" path={path("on_cost")}>
            <YieldFigure found={data.on_cost} />
          </Why>{" "}
          on cost
        </>
      }
    >
      <Why mark figure="Forward yield" path={path("forward")}>
        <YieldFigure found={data.forward} />
      </Why>
    </Stat>
  );
}

/** A yield, or why there is none. */
export function YieldFigure({ found }: { found: YieldOut }) {
  if (found.ratio === null) return <Unknown reason={reasonOf(found.reason)} />;
  return <span className="num">{percent(found.ratio)}</span>;
}
