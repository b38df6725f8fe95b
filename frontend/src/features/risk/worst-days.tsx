import type { RiskOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { longDay, percent } from "@/shared/format/format";

export function WorstDays({ risk }: { risk: RiskOut }) {
  if (risk.worst_days.length === 0) {
    return <p className="text-sm text-ink-2">No day lost anything yet.</p>;
  }
  return (
    <>
      <table className="tbl" data-testid="worst-days">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Return</th>
          </tr>
        </thead>
        <tbody>
          {risk.worst_days.map((worst) => (
            <tr key={worst.as_of}>
              <td>{longDay(worst.as_of)}</td>
              <td className="num text-loss">{percent(worst.return_ratio, 2, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <SaveAs
        className="mt-2 text-xs text-ink-2"
        file="worst-days"
        rows={() => [
          ["Day", "Return"],
          ...risk.worst_days.map((worst) => [worst.as_of, worst.return_ratio]),
        ]}
      />
    </>
  );
}
