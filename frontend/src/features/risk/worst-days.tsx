import { Link } from "@tanstack/react-router";
import type { RiskOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { longDay, percent } from "@/shared/format/format";
import { useScopeSearch } from "@/shared/ui/known";
import { usePartSearch } from "@/shared/ui/sliced";

const DAY_MS = 86_400_000;
const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);

/** Each leads to what made the value change on it. */
export function WorstDays({ risk }: { risk: RiskOut }) {
  const part = { ...useScopeSearch(), ...usePartSearch() };
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
              <td>
                <Link
                  to="/performance"
                  search={{ ...part, from: dayBefore(worst.as_of), to: worst.as_of }}
                  className="lnk"
                >
                  {longDay(worst.as_of)}
                </Link>
              </td>
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
