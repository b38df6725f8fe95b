import { AccountsList } from "@/features/accounts/accounts-list";
import { PageTitle } from "@/shared/ui/states";

export function AccountsPage() {
  return (
    <>
      <PageTitle>Accounts</PageTitle>
      <AccountsList />
    </>
  );
}
