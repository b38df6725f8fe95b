import { AccountsList } from "@/features/accounts/accounts-list";
import { SourceOrder } from "@/features/prices/source-order";
import { currentMe } from "@/shared/api/session";
import { PageTitle } from "@/shared/ui/states";

export function AccountsPage() {
  return (
    <>
      <PageTitle>Accounts</PageTitle>
      <AccountsList />
      <div className="mt-10">
        <SourceOrder canChange={currentMe()?.role !== "viewer"} />
      </div>
    </>
  );
}
