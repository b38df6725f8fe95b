import { useRef } from "react";
import { BarsDrawing } from "@/shared/charts/bars-drawing";
import { SaveAs } from "@/shared/charts/save-as";
import type { AttributionOut } from "@/shared/api/gen/types.gen";
import { day, percent } from "@/shared/format/format";
import { reasonOf, reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";

/** Where a figure of a group, or of all of them, is explained. */
export type Where = (figure: string, key?: string) => string | null;
type Groups = { data: AttributionOut; where: Where };

/** Each group's part of the return; the bar repeats the number. */
export function Contributions({ data, where }: Groups) {
  const largest = Math.max(...data.groups.map((g) => Math.abs(Number(g.contribution_ratio ?? 0))));
  return (
    <>
      <div className="tablewrap">
        <table className="tbl rows stack" aria-label="Contributions">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Contribution</th>
              <th scope="col" aria-hidden="true" className="w-[22%] min-w-24" />
              <th scope="col">Prices</th>
              <th scope="col">Rates</th>
              <th scope="col">Both</th>
              <th scope="col">Own return</th>
              <th scope="col">Mean weight</th>
              <th scope="col">Gain</th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((group) => {
              const why = reasonText(group.reasons);
              const of = (figure: string) => where(figure, group.key);
              return (
                <tr key={group.key}>
                  <th scope="row">{group.label}</th>
                  <td>
                    <Why figure={`Contribution of ${group.label}`} path={of("contribution")}>
                      <SignedPercent ratio={group.contribution_ratio} reason={why} />
                    </Why>
                  </td>
                  <td aria-hidden="true" className="max-md:hidden">
                    <Bar ratio={group.contribution_ratio} largest={largest} />
                  </td>
                  <td data-label="Prices">
                    <Why figure={`Prices, ${group.label}`} path={of("local")}>
                      <SignedPercent ratio={group.local_ratio} reason={why} />
                    </Why>
                  </td>
                  <td data-label="Rates">
                    <Why figure={`Rates, ${group.label}`} path={of("currency")}>
                      <SignedPercent ratio={group.currency_ratio} reason={why} />
                    </Why>
                  </td>
                  <td data-label="Both">
                    <Why figure={`Both, ${group.label}`} path={of("cross")}>
                      <SignedPercent ratio={group.cross_ratio} reason={why} />
                    </Why>
                  </td>
                  <td data-label="Own return">
                    <SignedPercent
                      ratio={group.return_ratio}
                      reason={reasonOf(group.return_reason)}
                    />
                  </td>
                  <td data-label="Mean weight">
                    <Why figure={`Mean weight of ${group.label}`} path={of("average_weight")}>
                      {group.average_weight_ratio === null ? (
                        <Unknown reason={why} />
                      ) : (
                        percent(group.average_weight_ratio, 1)
                      )}
                    </Why>
                  </td>
                  <td data-label="Gain">
                    <Why figure={`Gain of ${group.label}`} path={of("gain")}>
                      <Money
                        value={group.gain}
                        currency={data.currency}
                        digits={0}
                        signed
                        reason={why}
                      />
                    </Why>
                  </td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Residual</th>
              <td>
                <Why figure="What the contributions leave of the return" path={where("residual")}>
                  <SignedPercent ratio={data.residual_ratio} reason={reasonOf(data.reason)} />
                </Why>
              </td>
              <td colSpan={7} />
            </tr>
            <tr>
              <th scope="row">All</th>
              <td className="font-semibold">
                <Why figure="All contributions" path={where("total")}>
                  <SignedPercent ratio={data.total_ratio} reason={reasonOf(data.reason)} />
                </Why>
              </td>
              <td colSpan={6} />
              <td className="font-semibold" data-label="Gain">
                <Why figure="Gain of all groups" path={where("total_gain")}>
                  <Money
                    value={data.gain}
                    currency={data.currency}
                    digits={0}
                    signed
                    reason={reasonOf(data.reason)}
                  />
                </Why>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <Saved data={data} largest={largest} />
    </>
  );
}

/** The table as a file, and its bars as a picture. */
function Saved({ data, largest }: { data: AttributionOut; largest: number }) {
  const picture = useRef<HTMLDivElement>(null);
  const told = (ratio: string | null) => (ratio === null ? "—" : percent(ratio, 2, true));
  const span = `${day(data.from_date ?? data.as_of)} to ${day(data.to_date ?? data.as_of)}`;
  return (
    <>
      <div ref={picture} hidden>
        <BarsDrawing
          bars={[
            ...data.groups.map((group) => ({
              key: group.key,
              label: group.label,
              bar: barOf(group.contribution_ratio, largest),
              color: colorOf(group.contribution_ratio),
              text: told(group.contribution_ratio),
            })),
            {
              key: "all of them",
              label: "All",
              bar: null,
              color: "",
              text: told(data.total_ratio),
              isStrong: true,
            },
          ]}
        />
      </div>
      <SaveAs
        className="mt-2 text-xs"
        file={`attribution-${data.by}`}
        rows={() => groupRows(data)}
        chart={{ box: picture, heading: `Contributions to the return, ${span}` }}
      />
    </>
  );
}

const groupRows = (data: AttributionOut) => [
  ["Group", "Contribution", "Prices", "Rates", "Both", "Own return", "Mean weight", "Gain"],
  ...data.groups.map((g) => [
    g.label,
    g.contribution_ratio,
    g.local_ratio,
    g.currency_ratio,
    g.cross_ratio,
    g.return_ratio,
    g.average_weight_ratio,
    g.gain,
  ]),
  ["Residual", data.residual_ratio, null, null, null, null, null, null],
  ["All", data.total_ratio, null, null, null, null, null, data.gain],
];

/** From the middle to either side, in percent; nothing where there is nothing to draw. */
function barOf(ratio: string | null, largest: number): { start: number; width: number } | null {
  const value = Number(ratio ?? 0);
  if (!value || !largest) return null;
  const width = (Math.abs(value) / largest) * 50;
  return { start: value < 0 ? 50 - width : 50, width };
}

const colorOf = (ratio: string | null): string =>
  ratio?.startsWith("-") ? "var(--loss)" : "var(--gain)";

function Bar({ ratio, largest }: { ratio: string | null; largest: number }) {
  const bar = barOf(ratio, largest);
  if (!bar) return null;
  return (
    <span className="block relative h-3 bg-[color-mix(in_oklab,var(--rule)_45%,transparent)]">
      <span
        className="absolute inset-y-0"
        style={{
          width: `${bar.width.toFixed(2)}%`,
          left: `${bar.start.toFixed(2)}%`,
          background: colorOf(ratio),
        }}
      />
    </span>
  );
}
