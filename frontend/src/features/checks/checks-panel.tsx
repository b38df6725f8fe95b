import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleDashed, CircleOff } from "lucide-react";
import type { CheckOut } from "@/shared/api/gen/types.gen";
import { counted } from "@/shared/format/format";
import { ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { CheckForm } from "./check-form";
import { limit, sentence, TITLES } from "./phrases";
import { checksQuery, isOfAll, ofAccount, ofPart, type ChecksFilter } from "./queries";

const ORDER = ["look", "unknown", "ok", "off"];
const ICONS = { look: CircleAlert, unknown: CircleDashed, ok: CircleCheck, off: CircleOff };
const WORDS = { look: "Worth a look", unknown: "Not known", ok: "All right", off: "Off" };
const TONES = { look: "text-warn", unknown: "text-ink-2", ok: "text-gain", off: "text-ink-3" };

/** Rules of thumb about the portfolio, or a part of it; what is worth a look first. */
export function ChecksPanel({ filter }: { filter: ChecksFilter }) {
  const { data, error, refetch } = useQuery(checksQuery(filter));
  const retry = () => {
    void refetch();
  };
  return (
    <Section
      id="checks"
      title="Checks"
      aside={
        data && (
          <span className="text-sm text-ink-2">
            {data.look_count === 0
              ? "Nothing is worth a look"
              : `${counted(data.look_count, "check")} worth a look`}
          </span>
        )
      }
    >
      <p className="text-sm text-ink-2 max-w-[72ch] mb-2">
        {isOfAll(filter)
          ? "Of the whole portfolio."
          : "Of the part shown above: “your money” is what is in it."}{" "}
        They say what is; what to make of it is yours.
      </p>
      {!data &&
        (error ? (
          <ProblemNotice error={error} onRetry={retry} />
        ) : (
          <Skeleton label="Loading checks" rows={8} height={32} />
        ))}
      {data && error && <StaleNotice what="the checks" onRetry={retry} />}
      {data && (
        <ul className="grid lg:grid-cols-2 gap-x-12" data-testid="checks">
          {data.items
            .toSorted((one, two) => ORDER.indexOf(one.verdict) - ORDER.indexOf(two.verdict))
            .map((check) => (
              <Check
                key={check.code}
                check={check}
                currency={data.amount_currency}
                filter={filter}
              />
            ))}
        </ul>
      )}
    </Section>
  );
}

type CheckProps = { check: CheckOut; currency: string; filter: ChecksFilter };

function Check({ check, currency, filter }: CheckProps) {
  const Icon = ICONS[check.verdict];
  return (
    <li className="flex gap-3 py-3 border-b border-rule text-sm">
      <Icon
        role="img"
        aria-label={WORDS[check.verdict]}
        size={18}
        className={`shrink-0 mt-0.5 ${TONES[check.verdict]}`}
      />
      <div className="min-w-0 flex-1">
        <p>
          <b className="font-semibold">{TITLES[check.code]}.</b> {sentence(check)}
        </p>
        <div className="flex flex-wrap items-start gap-x-4 text-ink-2">
          {check.verdict !== "off" && <span className="py-1">Yours: {limit(check)}</span>}
          <From check={check} filter={filter} />
          <CheckForm check={check} currency={currency} filter={filter} />
        </div>
      </div>
    </li>
  );
}

/** Where the figure comes from, or where to say what it needs. */
function From({ check, filter }: { check: CheckOut; filter: ChecksFilter }) {
  if (check.unknown_reason === "no_taxonomy") {
    return (
      <Link to="/taxonomies" className="lnk">
        Make a taxonomy
      </Link>
    );
  }
  if (check.code === "stale_prices") {
    return (
      <Link to="/holdings" search={ofPart(filter)} className="lnk">
        Holdings
      </Link>
    );
  }
  if (check.code === "fees") {
    return (
      <Link to="/transactions" search={ofAccount(filter)} className="lnk">
        Transactions
      </Link>
    );
  }
  if (check.code === "unclassified" && check.taxonomy_id) {
    return (
      <Link to="/taxonomies" search={{ taxonomy: check.taxonomy_id }} className="lnk">
        Classify
      </Link>
    );
  }
  if (check.by === null) return null;
  return (
    <Link to="/allocation" search={{ ...ofPart(filter), by: check.by }} className="lnk">
      Where it comes from
    </Link>
  );
}
