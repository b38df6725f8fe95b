import { ProblemError } from "@/shared/api/problem";

/** Whether a save was refused because somebody else saved first. */
export const isStale = (error: unknown): error is ProblemError =>
  error instanceof ProblemError &&
  (error.problem.status === 412 || error.problem.code === "stale_version");

type Props = {
  /** What it is called, theirs, ours; only what differs is shown. */
  rows: readonly (readonly [string, string, string])[];
  isBusy: boolean;
  onMine: () => void;
  onTheirs: () => void;
};

/** Two people changed one account: both states are shown, and a person decides. */
export function Conflict({ rows, isBusy, onMine, onTheirs }: Props) {
  const differing = rows.filter(([, theirs, mine]) => theirs !== mine);
  return (
    <div role="alert" className="note warn flex flex-col gap-3">
      <p className="font-semibold">Somebody else changed this account meanwhile</p>
      {differing.length > 0 ? (
        <table className="text-sm text-left">
          <thead>
            <tr className="text-ink-2">
              <th scope="col" className="font-normal pr-4 py-0.5">
                <span className="sr">What</span>
              </th>
              <th scope="col" className="font-normal pr-4 py-0.5">
                Theirs
              </th>
              <th scope="col" className="font-normal py-0.5">
                Yours
              </th>
            </tr>
          </thead>
          <tbody>
            {differing.map(([name, theirs, mine]) => (
              <tr key={name}>
                <th scope="row" className="font-normal text-ink-2 pr-4 py-0.5">
                  {name}
                </th>
                <td className="pr-4 py-0.5 break-words">{theirs || "none"}</td>
                <td className="py-0.5 break-words">{mine || "none"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p>What they saved here is the same as yours.</p>
      )}
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn line" onClick={onTheirs}>
          Keep theirs
        </button>
        <button type="button" className="btn line" disabled={isBusy} onClick={onMine}>
          Save mine over it
        </button>
      </div>
    </div>
  );
}
