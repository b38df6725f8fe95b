import { Link } from "@tanstack/react-router";
import { AccountsList } from "@/features/accounts/accounts-list";
import { SourceOrder } from "@/features/prices/source-order";
import { currentMe } from "@/shared/api/session";
import { PageTitle } from "@/shared/ui/states";
import { useMe } from "../navigation";
import { OPERATOR_PAGES } from "../pages";
import { kept } from "../search";

export function AccountsPage() {
  const access = useMe()?.operator_access ?? "none";
  return (
    <>
      <PageTitle>Accounts</PageTitle>
      <AccountsList />
      <div className="mt-10">
        <SourceOrder canChange={currentMe()?.role !== "viewer"} />
      </div>
      {access !== "none" && (
        // the bar of a phone has no room for them
        <div className="lg:hidden mt-10">
          <h2 className="text-[1.1875rem] mb-4">Looking after the installation</h2>
          <ul className="flex gap-6">
            {OPERATOR_PAGES.map(([label, , page]) => (
              <li key={page}>
                <Link to={page} search={kept} className="lnk">
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
