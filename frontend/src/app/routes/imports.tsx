import { useNavigate } from "@tanstack/react-router";
import { AccountForm } from "@/features/accounts/account-form";
import { ImportsList } from "@/features/imports/imports-list";
import { UploadPanel } from "@/features/imports/upload-panel";
import { PageTitle, Section } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function ImportsPage() {
  const navigate = useNavigate();
  const [search] = usePageSearch();
  return (
    <>
      <PageTitle>Import a file</PageTitle>
      <p className="text-ink-2 -mt-4 mb-6 max-w-[64ch]">
        You see what every row becomes before anything is kept. An import is all or nothing, and can
        be taken back as a whole.
      </p>
      <UploadPanel
        account={search.account}
        onUploaded={(batch) => {
          void navigate({ to: "/import/$importId", params: { importId: batch.id } });
        }}
        newAccount={(onCreated) => <AccountForm onCreated={onCreated} />}
      />
      <div className="mt-10">
        <Section id="history" title="Earlier imports">
          <ImportsList />
        </Section>
      </div>
    </>
  );
}
