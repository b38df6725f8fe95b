import { SaveAs } from "@/shared/charts/save-as";
import type { ComparisonOut, EffectsOut } from "@/shared/api/gen/types.gen";
import { percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { SignedPercent } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import type { Where } from "./contributions";

/** What other weights and other holdings did against the benchmark. */
export function Effects({ data, where }: { data: ComparisonOut; where: Where }) {
  if (data.reason !== null) {
    return (
      <p className="note warn" role="status">
        The comparison is not known: {reasonOf(data.reason)}.
      </p>
    );
  }
  return (
    <>
      <p className="text-sm text-ink-2 mb-2">
        The portfolio made <SignedPercent ratio={data.portfolio_ratio} />, the benchmark{" "}
        <SignedPercent ratio={data.benchmark_ratio} />:{" "}
        <Why figure="Against the benchmark" path={where("excess")}>
          <SignedPercent ratio={data.excess_ratio} />
        </Why>{" "}
        against it.
      </p>
      {data.benchmark && (
        <p className="text-xs text-ink-2 mb-2 max-w-[92ch]">
          {data.benchmark.name}: its members are put into the groups as your holdings are. One that
          belongs to several groups, such as a fund that is looked through, counts in each with what
          the whole of it made.
        </p>
      )}
      <div className="tablewrap">
        <table className="tbl rows stack" aria-label="Effects against the benchmark">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Benchmark</th>
              <th scope="col">Allocation</th>
              <th scope="col">Selection</th>
              <th scope="col">Interaction</th>
              <th scope="col">Together</th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((one) => (
              <tr key={one.key}>
                <th scope="row">{one.label}</th>
                <td data-label="Benchmark">{standsFor(one)}</td>
                <td data-label="Allocation">
                  <Why figure={`Allocation, ${one.label}`} path={where("allocation", one.key)}>
                    <SignedPercent ratio={one.allocation_ratio} />
                  </Why>
                </td>
                <td data-label="Selection">
                  <Why figure={`Selection, ${one.label}`} path={where("selection", one.key)}>
                    <SignedPercent ratio={one.selection_ratio} />
                  </Why>
                </td>
                <td data-label="Interaction">
                  <Why figure={`Interaction, ${one.label}`} path={where("interaction", one.key)}>
                    <SignedPercent ratio={one.interaction_ratio} />
                  </Why>
                </td>
                <td className="font-semibold" data-label="Together">
                  <Why figure={`All effects, ${one.label}`} path={where("effect", one.key)}>
                    <SignedPercent ratio={one.total_ratio} />
                  </Why>
                </td>
              </tr>
            ))}
            <tr>
              <th scope="row">Not told by groups</th>
              <td colSpan={4} />
              <td>
                <Why figure="Not told by groups" path={where("effects_residual")}>
                  <SignedPercent ratio={data.residual_ratio} />
                </Why>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <SaveAs className="mt-2 text-xs" file="attribution-effects" rows={() => effectRows(data)} />
    </>
  );
}

/** What the benchmark has in a group. */
function standsFor({ symbol, members }: EffectsOut): string {
  const several = (members ?? []).map((one) => `${one.symbol} ${percent(one.weight_ratio, 1)}`);
  return symbol ?? (several.join(", ") || "none");
}

const effectRows = (data: ComparisonOut) => [
  ["Group", "Benchmark", "Allocation", "Selection", "Interaction", "Together"],
  ...data.groups.map((g) => [
    g.label,
    standsFor(g),
    g.allocation_ratio,
    g.selection_ratio,
    g.interaction_ratio,
    g.total_ratio,
  ]),
  ["Not told by groups", null, null, null, null, data.residual_ratio],
];
