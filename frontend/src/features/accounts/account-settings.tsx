import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accountsQuery } from "@/shared/api/accounts";
import { ProblemError } from "@/shared/api/problem";
import { EmptyState, ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { AccountEdit } from "./account-edit";
import { AccountMethods } from "./account-methods";
import { settingsQuery, type Settings } from "./queries";

/** What can be set of one account, in one place. */
export function AccountSettings({ accountId }: { accountId: string }) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(settingsQuery(accountId));
  const again = () => {
    void refetch();
  };
  if (data) return <Sections key={dataUpdatedAt} stored={data} onTheirs={again} />;
  if (error instanceof ProblemError && [404, 422].includes(error.problem.status)) {
    return (
      <EmptyState title="There is no such account">
        <p>It was removed, or never was yours.</p>
      </EmptyState>
    );
  }
  return error ? (
    <ProblemNotice error={error} onRetry={again} />
  ) : (
    <Skeleton label="Loading the account" rows={6} height={44} />
  );
}

type Props = { stored: Settings; onTheirs: () => void };

function Sections({ stored, onTheirs }: Props) {
  const queryClient = useQueryClient();
  // what this person saw or saved last: their own change in one section is none in the other
  const [version, setVersion] = useState(stored.methods.version);
  const saved = (next: number) => {
    setVersion(next);
    void queryClient.invalidateQueries({ queryKey: accountsQuery.queryKey, exact: true });
    // figures are grouped, sliced and explained by what an account is called and belongs to
    void queryClient.invalidateQueries({ queryKey: ["valuation"] });
  };
  const shared = { version, onSaved: saved, onTheirs };
  return (
    <div className="flex flex-col gap-10">
      <Section id="about" title="Name and broker">
        <AccountEdit account={stored.account} {...shared} />
      </Section>
      <Section id="lots" title="Currencies and lots">
        <AccountMethods account={stored.account} stored={stored.methods} {...shared} />
      </Section>
    </div>
  );
}
