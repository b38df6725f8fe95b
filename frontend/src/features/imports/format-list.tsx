import { brokers } from "./formats";

/** What is recognized without a question, folded until somebody asks. */
export function FormatList() {
  const known = brokers();
  return (
    <details className="text-sm mt-1">
      <summary className="cursor-pointer text-blue py-2">
        Files of {known.length} brokers and trackers are recognized
      </summary>
      <dl className="grid sm:grid-cols-2 gap-x-8 gap-y-2 mt-2 mb-3">
        {known.map(([broker, what]) => (
          <div key={broker}>
            <dt className="text-ink">{broker}</dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
