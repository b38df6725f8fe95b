import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { IncomeOut, ProjectionOut, YieldsOut } from "@/shared/api/gen/types.gen";
import { counted, day } from "@/shared/format/format";
import { isNarrowed } from "@/shared/slice";
import { NothingOfPart } from "@/shared/ui/sliced";
import { Answered } from "@/shared/ui/answered";
import { Choice } from "@/shared/ui/choice";
import { EmptyState, ProblemNotice, Section, StaleNotice } from "@/shared/ui/states";
import { Calendar } from "./calendar";
import { Headline } from "./headline";
import { Months } from "./months";
import { Preferences } from "./preferences";
import { Projected } from "./projected";
import { Groups, Payments } from "./received";
import {
  calendarQuery,
  incomeQuery,
  preferencesQuery,
  projectionQuery,
  yieldsQuery,
  type IncomeFilter,
  type IncomePeriod,
} from "./queries";
import { YieldsTable } from "./yields-table";

type Props = { filter: IncomeFilter; onChange: (period: IncomePeriod) => void };
export const INCOME_PERIODS = ["YTD", "1Y", "3Y", "5Y", "Max"] as const;

/** Everything about income: what came, what is to come, and what that is of what is held. */
export function IncomeView({ filter, onChange }: Props) {
  const income = useQuery(incomeQuery(filter));
  const projection = useQuery(projectionQuery(filter));
  const yields = useQuery(yieldsQuery(filter));
  return (
    <>
      <div className="mb-5">
        <Choice
          label="Period"
          value={filter.period}
          options={INCOME_PERIODS.map((key) => [key, key] as const)}
          onChange={onChange}
        />
      </div>
      <Answered query={income} what="the income" rows={10}>
        {(data) =>
          isEmpty(data, projection.data, yields.data) ? (
            <NoIncome isPart={isNarrowed(filter.slice)} />
          ) : (
            <>
              <Headline income={data} projection={projection} yields={yields} filter={filter} />
              <Expected query={projection} />
              <Notes projection={projection.data} yields={yields.data} />
              <More filter={filter} income={data} yields={yields} projection={projection.data} />
              <Conventions data={data} />
            </>
          )
        }
      </Answered>
    </>
  );
}

const NoIncome = ({ isPart }: { isPart: boolean }) =>
  isPart ? (
    <NothingOfPart title="No income of this part" />
  ) : (
    <EmptyState title="No income yet">
      <p>Dividends, interest and distributions show here once they are recorded.</p>
    </EmptyState>
  );

const isEmpty = (
  income: IncomeOut,
  projection: ProjectionOut | undefined,
  yields: YieldsOut | undefined,
): boolean =>
  income.payment_count === 0 && projection?.total.count === 0 && yields?.items.length === 0;

/** What is expected could not be asked for: said with a way on, as the page has no section of it. */
function Expected({ query }: { query: UseQueryResult<ProjectionOut> }) {
  const retry = () => {
    void query.refetch();
  };
  if (!query.error) return null;
  if (query.data) return <StaleNotice what="what is expected" onRetry={retry} />;
  return (
    <div className="mb-5">
      <ProblemNotice
        error={query.error}
        title="What is expected could not be loaded"
        onRetry={retry}
      />
    </div>
  );
}

/** Of what nothing is expected, and why. */
function Notes({
  projection,
  yields,
}: {
  projection?: ProjectionOut | undefined;
  yields?: YieldsOut | undefined;
}) {
  if (!projection || projection.stopped.length === 0) return null;
  const names = projection.stopped.map(
    (id) => yields?.items.find((item) => item.instrument_id === id)?.symbol ?? "one instrument",
  );
  return (
    <p className="note mb-5" role="status">
      Nothing more is expected of {names.slice(0, 8).join(", ")}
      {names.length > 8 && ` and ${counted(names.length - 8, "other")}`}: the next payment is
      overdue by more than {projection.conventions.late_after_days} days.
    </p>
  );
}

type MoreProps = {
  filter: IncomeFilter;
  income: IncomeOut;
  yields: UseQueryResult<YieldsOut>;
  projection: ProjectionOut | undefined;
};

function More({ filter, income, yields, projection }: MoreProps) {
  const calendar = useQuery(calendarQuery(filter));
  const preferences = useQuery(preferencesQuery);
  const held = yields.data?.items ?? [];
  return (
    <div className="flex flex-col gap-9 mt-4">
      <Section id="months" title="Month by month">
        <Answered query={calendar} what="the months">
          {(data) => <Months data={data} />}
        </Answered>
      </Section>
      <Section id="calendar" title="Calendar">
        <Answered query={calendar} what="the calendar">
          {(data) => <Calendar data={data} filter={filter} />}
        </Answered>
      </Section>
      {projection !== undefined && projection.instruments.length > 0 && (
        <Section id="expected" title="Expected, by who pays">
          <Projected data={projection} />
        </Section>
      )}
      <Section id="yields" title="Yields">
        <Answered query={yields} what="the yields">
          {(data) => <YieldsTable data={data} filter={filter} />}
        </Answered>
      </Section>
      <Section id="received" title="Received">
        <Groups data={income} />
        {income.payments.length > 0 && (
          <div className="mt-6">
            <Payments data={income} />
          </div>
        )}
      </Section>
      <Section id="preferences" title="Cash or more of it">
        <Answered query={preferences} what="the preferences">
          {(data) => (
            <Preferences
              data={data}
              filter={filter}
              instruments={held.map((item) => [item.instrument_id, item.symbol] as const)}
            />
          )}
        </Answered>
      </Section>
    </div>
  );
}

function Conventions({ data }: { data: IncomeOut }) {
  const told = data.conventions;
  return (
    <p className="mt-6 text-xs text-ink-2 max-w-[92ch]">
      Converted at the rate of {told.rate_of}. Dated by {told.dated_by}. Estimates: {told.estimates}
      ; they stop once a payment is {told.late_after_days} days late. Tax expected:{" "}
      {told.withholding}. Yields: {told.yields}. Calculation {told.calculation_version}, as of{" "}
      {day(data.as_of)}.
    </p>
  );
}
