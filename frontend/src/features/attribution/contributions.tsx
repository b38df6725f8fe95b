import { SaveAs } from "@/shared/charts/save-as";
import type { AttributionOut } from "@/shared/api/gen/types.gen";
import { percent } from "@/shared/format/format";
import { reasonOf, reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";

type Groups = { data: AttributionOut };

/** Each group's part of the return; the bar repeats the number. */
export function Contributions({ data }: Groups) {
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
              return (
                <tr key={group.key}>
                  <th scope="row">{group.label}</th>
                  <td>
                    <SignedPercent ratio={group.contribution_ratio} reason={why} />
                  </td>
                  <td aria-hidden="true" className="max-md:hidden">
                    <Bar ratio={group.contribution_ratio} largest={largest} />
                  </td>
                  <td data-label="Prices">
                    <SignedPercent ratio={group.local_ratio} reason={why} />
                  </td>
                  <td data-label="Rates">
                    <SignedPercent ratio={group.currency_ratio} reason={why} />
                  </td>
                  <td data-label="Both">
                    <SignedPercent ratio={group.cross_ratio} reason={why} />
                  </td>
                  <td data-label="Own return">
                    <SignedPercent
                      ratio={group.return_ratio}
                      reason={reasonOf(group.return_reason)}
                    />
                  </td>
                  <td data-label="Mean weight">
                    {group.average_weight_ratio === null ? (
                      <Unknown reason={why} />
                    ) : (
                      percent(group.average_weight_ratio, 1)
                    )}
                  </td>
                  <td data-label="Gain">
                    <Money value={group.gain} currency={data.currency} digits={0} signed />
                  </td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All</th>
              <td className="font-semibold">
                <SignedPercent ratio={data.total_ratio} reason={reasonOf(data.reason)} />
              </td>
              <td colSpan={6} />
              <td className="font-semibold" data-label="Gain">
                <Money value={data.gain} currency={data.currency} digits={0} signed />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <SaveAs
        className="mt-2 text-xs"
        file={`attribution-${data.by}`}
        rows={() => groupRows(data)}
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
];

function Bar({ ratio, largest }: { ratio: string | null; largest: number }) {
  const value = Number(ratio ?? 0);
  if (!value || !largest) return null;
  const width = (Math.abs(value) / largest) * 50;
  return (
    <span className="block relative h-3 bg-[color-mix(in_oklab,var(--rule)_45%,transparent)]">
      <span
        className="absolute inset-y-0"
        style={{
          width: `${width.toFixed(2)}%`,
          left: value < 0 ? `${(50 - width).toFixed(2)}%` : "50%",
          background: value < 0 ? "var(--loss)" : "var(--gain)",
        }}
      />
    </span>
  );
}
