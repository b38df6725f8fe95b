import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Answered } from "@/shared/ui/answered";
import { Choice } from "@/shared/ui/choice";
import { EmptyState, Section } from "@/shared/ui/states";
import { Conventions, WhichReturn } from "./conventions";
import { ReturnFilters, type ReturnChange } from "./filters";
import { Months } from "./months";
import { changeQuery, monthsQuery, returnsQuery, rollingQuery } from "./queries";
import type { Days, Period, ReturnFilter } from "./queries";
import { Drawdown, Headline, ReturnChart, type Method } from "./returns";
import { Rolling, SPAN_NAMES, SPANS, type Span } from "./rolling";
import { Waterfall } from "./waterfall";

type Props = {
  filter: ReturnFilter;
  method: Method;
  span: Span;
  periods: readonly Period[];
  benchmark: ReactNode;
  /** Keeps the change of value, where it can be kept. */
  keepChange: ReactNode;
  onChange: (change: ReturnChange & { span?: Span }) => void;
};

/** Everything about returns, for the span, the accounts and the conventions of the address. */
export function PerformanceView(props: Props) {
  const { filter, method, onChange } = props;
  const returns = useQuery(returnsQuery(filter));
  const bridge = () => {
    onChange({ gaps: "modified_dietz" });
  };
  return (
    <>
      <ReturnFilters {...props} />
      <Answered query={returns} what="the returns" rows={10}>
        {(data) =>
          data.from_date === null ? (
            <EmptyState title="Nothing to measure yet">
              <p>Returns appear with the first records and prices of this span.</p>
            </EmptyState>
          ) : (
            <>
              <Headline data={data} filter={filter} method={method} />
              {data.is_recomputing && (
                <p role="status" className="text-sm text-ink-2 mb-2">
                  Recomputing…
                </p>
              )}
              <ReturnChart data={data} filter={filter} />
              <WhichReturn />
              <Conventions data={data} onBridge={filter.gaps ? null : bridge} />
              <div className="mt-9">
                <Drawdown data={data} filter={filter} />
              </div>
              <More {...props} days={data} />
            </>
          )
        }
      </Answered>
    </>
  );
}

const spans = SPANS.map((key) => [key, SPAN_NAMES[key]] as const);

function More({ filter, span, keepChange, days, onChange }: Props & { days: Days }) {
  const change = useQuery(changeQuery(filter));
  const months = useQuery(monthsQuery(filter));
  const rolling = useQuery(rollingQuery(filter, Number(span)));
  return (
    <div className="flex flex-col gap-9 mt-9">
      <Section id="change" title="What changed the value" aside={keepChange}>
        <Answered query={change} what="the value change">
          {(data) => <Waterfall data={data} filter={filter} />}
        </Answered>
      </Section>
      <Section id="months" title="Month by month">
        <Answered query={months} what="the months">
          {(data) => <Months data={data} filter={filter} />}
        </Answered>
      </Section>
      <Section
        id="rolling"
        title="Rolling returns"
        aside={
          <Choice
            label="Window"
            look="quiet"
            value={span}
            options={spans}
            onChange={(next) => {
              onChange({ span: next });
            }}
          />
        }
      >
        <Answered query={rolling} what="the rolling returns">
          {(data) => <Rolling data={data} days={days} filter={filter} />}
        </Answered>
      </Section>
    </div>
  );
}
