import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { AccountSettings } from "@/features/accounts/account-settings";
import { accountsQuery } from "@/shared/api/accounts";
import { PageTitle } from "@/shared/ui/states";

export function AccountPage() {
  const { accountId = "" } = useParams({ strict: false });
  const { data } = useQuery(accountsQuery);
  return (
    <>
      <PageTitle
        aside={
          <Link to="/accounts" className="lnk">
            All accounts
          </Link>
        }
      >
        {data?.items.find((account) => account.id === accountId)?.name ?? "Account"}
      </PageTitle>
      <AccountSettings accountId={accountId} />
    </>
  );
}
