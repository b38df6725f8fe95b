import { Link } from "@tanstack/react-router";
import type { SinceOut } from "@/shared/api/gen/types.gen";
import { counted, day, words } from "@/shared/format/format";
import { calculationName, seriesName } from "./words";

/** What happened to the report's inputs since it was kept. */
export function Since({ since }: { since: SinceOut }) {
  const told = [
    since.records,
    since.instruments,
    since.currencies,
    since.series,
    since.accounts,
    since.joined_accounts,
    since.left_accounts,
    since.reclassified,
    since.calculations,
  ];
  const isUnchanged = since.benchmark === null && since.taxonomy === null;
  if (isUnchanged && !since.is_preferred_otherwise && told.every((list) => list.length === 0)) {
    return <p className="text-sm text-ink-2">Nothing it was made from has changed since.</p>;
  }
  return (
    <section aria-label="Changed since" className="text-sm">
      <h3 className="font-semibold">Changed since it was kept</h3>
      <ul className="mt-1 flex flex-col gap-1 list-disc pl-5">
        {since.record_count > 0 && (
          <li>
            {counted(since.record_count, "record")}, the newest:{" "}
            {since.records.slice(0, 5).map((one, place) => (
              <span key={one.transaction_id}>
                {place > 0 && ", "}
                <Link
                  to="/transactions/$transactionId"
                  params={{ transactionId: one.transaction_id }}
                  className="lnk"
                >
                  {words(one.kind)} of {day(one.trade_date)}
                </Link>{" "}
                (no. {one.sequence})
              </span>
            ))}
          </li>
        )}
        {since.instruments.length > 0 && (
          <li>
            Prices or events of{" "}
            {since.instruments
              .map(
                (one) =>
                  `${one.symbol} (data version ${String(one.data_version)}, now ${String(one.data_version_now)})`,
              )
              .join(", ")}
          </li>
        )}
        {since.currencies.length > 0 && <li>Rates of {since.currencies.join(", ")}</li>}
        {since.series.length > 0 && (
          <li>Published values of {since.series.map(seriesName).join(", ")}</li>
        )}
        {since.accounts.length > 0 && <li>Settings of {since.accounts.join(", ")}</li>}
        {since.joined_accounts.length > 0 && (
          <li>{since.joined_accounts.join(", ")}: part of the question now, and not then</li>
        )}
        {since.left_accounts.length > 0 && (
          <li>{since.left_accounts.join(", ")}: part of the question then, and not now</li>
        )}
        {since.benchmark !== null && <li>What {since.benchmark} is made of</li>}
        {since.taxonomy !== null && <li>How {since.taxonomy} sorts what is held</li>}
        {since.reclassified.length > 0 && (
          <li>What {since.reclassified.join(", ")} put in the part it is of</li>
        )}
        {since.is_preferred_otherwise && (
          <li>
            What is said to be done with income, or of what pays it: its coupon, the kind of a stock
          </li>
        )}
        {since.calculations.map((one) => (
          <li key={one.name}>
            The {calculationName(one.name)}: {one.version} then, {one.current_version} now (
            <Link to="/calculations" className="lnk">
              what changed
            </Link>
            )
          </li>
        ))}
      </ul>
    </section>
  );
}
