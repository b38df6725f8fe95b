import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { TIMING_WORDS } from "@/shared/format/timing";
import { Answered } from "@/shared/ui/answered";
import { Choice } from "@/shared/ui/choice";
import { isSliced } from "@/shared/slice";
import { EmptyState, Section } from "@/shared/ui/states";
import { SpanChoice, type SpanChange } from "@/shared/ui/span-choice";
import { TimingField, type Timing } from "@/shared/ui/timing-field";
import { BlendForm, type PickById } from "./blend";
import { Contributions } from "./contributions";
import { Effects } from "./effects";
import { attributionPath, attributionQuery, tradePath, tradesQuery } from "./queries";
import type { AttributionFilter, By } from "./queries";
import { Trades } from "./trades";

type Period = AttributionFilter["period"];
type Change<P extends Period> = SpanChange<P> & {
  by?: string;
  blend?: string | undefined;
  benchmark?: string | undefined;
  timing?: Timing;
};
type Props<P extends Period> = {
  filter: AttributionFilter & { period: P };
  periods: readonly P[];
  pick: PickById;
  /** Chooses the benchmark whose members are put into the groups. */
  compare: ReactNode;
  onChange: (change: Change<P>) => void;
};

const GROUPINGS: readonly (readonly [Exclude<By, "taxonomy">, string])[] = [
  ["asset_class", "Asset class"],
  ["instrument", "Instrument"],
  ["currency", "Currency"],
  ["account", "Account"],
];

/** Where a span's return came from. */
export function AttributionView<P extends Period>(props: Props<P>) {
  const { filter, periods, pick, compare, onChange } = props;
  const found = useQuery(attributionQuery(filter));
  const trades = useQuery(tradesQuery(filter));
  const taxonomies = useQuery(taxonomiesQuery);
  const groupings: (readonly [string, string])[] = [
    ...GROUPINGS,
    ...(taxonomies.data?.items ?? []).map((item) => [item.id, item.name] as const),
  ];
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3 mb-5">
        <SpanChoice span={filter} periods={periods} onChange={onChange} />
        <Choice
          label="By"
          value={filter.taxonomy ?? filter.by}
          options={groupings}
          onChange={(by) => {
            onChange({ by, blend: undefined });
          }}
        />
        {!isSliced(filter.slice) && (
          <div className="w-40">
            <TimingField
              timing={filter.timing}
              onChange={(timing) => {
                onChange({ timing });
              }}
            />
          </div>
        )}
        {filter.by !== "account" && <div className="w-64">{compare}</div>}
      </div>
      <Answered query={found} what="the contributions">
        {(data) =>
          data.from_date === null ? (
            <EmptyState title="Nothing to attribute yet">
              <p>Contributions appear with the first records and prices of this span.</p>
            </EmptyState>
          ) : (
            <div className="flex flex-col gap-9">
              <div>
                {data.reason !== null && (
                  <div className="note warn mb-4" role="status">
                    <p>The parts do not add up to a known return: {reasonOf(data.reason)}.</p>
                    {data.unknowns.map((unknown) => (
                      <p key={`${unknown.reason_code} ${unknown.message}`}>{unknown.message}</p>
                    ))}
                  </div>
                )}
                {data.is_recomputing && <Recomputing />}
                <Contributions
                  data={data}
                  where={(figure, key) => attributionPath(filter, data, figure, key)}
                />
                <p className="mt-4 text-xs text-ink-2 max-w-[92ch]">
                  {day(data.from_date)} to {day(data.to_date ?? data.as_of)}: daily contributions,
                  linked so that they add up to the time-weighted return (Cariño) after fees and
                  taxes; {TIMING_WORDS[data.conventions.flow_timing]}. Prices are what they did in
                  their own currency, rates what exchange rates did to what was held. Calculation{" "}
                  {data.calculation_version}.
                </p>
              </div>
              <Section id="benchmark" title="Against a benchmark">
                {filter.by === "account" && filter.benchmark !== undefined && !filter.blend && (
                  <p className="text-sm text-ink-2">
                    A benchmark lies in no account: group by something else to compare with one.
                  </p>
                )}
                {data.comparison && (
                  <Effects
                    data={data.comparison}
                    where={(figure, key) => attributionPath(filter, data, figure, key)}
                  />
                )}
                <details className="mt-4" open={!data.comparison}>
                  <summary className="cursor-pointer text-blue min-h-6">
                    Choose by hand what stands for each group
                  </summary>
                  <div className="mt-3">
                    <BlendForm
                      key={[filter.blend, ...data.groups.map((group) => group.key)].join(" ")}
                      groups={data.groups}
                      pick={pick}
                      blend={filter.blend}
                      onChange={(blend) => {
                        onChange({ blend, benchmark: undefined });
                      }}
                    />
                  </div>
                </details>
              </Section>
            </div>
          )
        }
      </Answered>
      <div className="mt-9">
        <Section id="trades" title="By purchase">
          <Answered query={trades} what="the purchases">
            {(data) => (
              <>
                {data.is_recomputing && <Recomputing />}
                <Trades data={data} where={(id, figure) => tradePath(filter, data, id, figure)} />
              </>
            )}
          </Answered>
        </Section>
      </div>
    </>
  );
}

function Recomputing() {
  return (
    <p role="status" className="text-sm text-ink-2 mb-2">
      Recomputing…
    </p>
  );
}
