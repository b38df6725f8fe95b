import { Link } from "@tanstack/react-router";
import { FileSpreadsheet, PencilLine } from "lucide-react";
import type { ReactNode } from "react";

/** The overview before there is anything to show: what fills it, and the ways in. */
export function Welcome({ account }: { account: string | undefined }) {
  const scope = account ? { account } : {};
  return (
    <div className="pt-8">
      <p className="eyebrow mb-2.5">Net asset value</p>
      <p data-testid="nav" className="font-serif text-[2.5rem] leading-none mb-9 text-ink-2">
        —
      </p>
      <h2 className="text-[1.625rem] leading-8 max-w-[24ch]">
        {account ? "This account is empty" : "Your portfolio is empty"}
      </h2>
      <p className="text-ink-2 mt-2 mb-8">
        Start with what you own. The rest is worked out from there.
      </p>
      <div className="grid md:grid-cols-2 gap-x-10 gap-y-8 max-w-3xl">
        <Door
          icon={<FileSpreadsheet aria-hidden="true" className="text-blue" />}
          title="Import a broker file"
          text="Exports of more than twenty brokers and trackers, or any CSV. You see what every row becomes before anything is kept."
        >
          <Link to="/import" search={scope} className="btn primary">
            Import a file
          </Link>
        </Door>
        <Door
          icon={<PencilLine aria-hidden="true" className="text-blue" />}
          title="Type it in"
          text="Purchases, sales, deposits and dividends, one by one. Files of what came before or after can follow."
        >
          <Link to="/transactions/new" search={scope} className="btn line">
            Add a transaction
          </Link>
        </Door>
      </div>
    </div>
  );
}

type DoorProps = { icon: ReactNode; title: string; text: string; children: ReactNode };

function Door({ icon, title, text, children }: DoorProps) {
  return (
    <section className="border-t border-rule-strong pt-4 flex flex-col items-start gap-2">
      {icon}
      <h3 className="font-sans text-base font-semibold tracking-normal mt-1">{title}</h3>
      <p className="text-sm text-ink-2 mb-2 max-w-[44ch]">{text}</p>
      {children}
    </section>
  );
}
