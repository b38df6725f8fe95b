import { useMutation, useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { accountsQuery } from "@/shared/api/accounts";
import { uploadImport } from "@/shared/api/gen/sdk.gen";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { SelectField } from "@/shared/ui/field";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { FormatList } from "./format-list";
import type { Batch } from "./model";

const LIMIT_MB = 25;

type Props = {
  /** The account the page came from. */
  account?: string | undefined;
  onUploaded: (batch: Batch) => void;
  /** The form for a first or further account; composed by the page. */
  newAccount: (onCreated: (account: AccountOut) => void) => React.ReactNode;
};

export function UploadPanel(props: Props) {
  const accounts = useQuery(accountsQuery);
  if (accounts.data) return <Chosen {...props} accounts={accounts.data.items} />;
  return accounts.error ? (
    <ProblemNotice
      error={accounts.error}
      onRetry={() => {
        void accounts.refetch();
      }}
    />
  ) : (
    <Skeleton label="Loading accounts" rows={3} height={44} />
  );
}

function Chosen({ accounts, account, newAccount, onUploaded }: Props & { accounts: AccountOut[] }) {
  const [chosen, setChosen] = useState(account);
  const [isAdding, setAdding] = useState(false);
  if (accounts.length === 0 || isAdding) {
    return (
      <div>
        <h2 className="text-[1.1875rem] mb-1">
          {accounts.length === 0 ? "First, an account for the file" : "A new account"}
        </h2>
        <p className="text-sm text-ink-2 mb-4">One place at one broker.</p>
        {newAccount((made) => {
          setChosen(made.id);
          setAdding(false);
        })}
      </div>
    );
  }
  const into = accounts.find(({ id }) => id === chosen) ?? accounts[0];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-60 max-w-full">
          <SelectField
            label="Into account"
            value={into?.id ?? ""}
            options={accounts.map((item) => [item.id, item.name] as const)}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          />
        </div>
        <button
          type="button"
          className="btn line h-10"
          onClick={() => {
            setAdding(true);
          }}
        >
          New account
        </button>
      </div>
      {into && <Upload account={into.id} onUploaded={onUploaded} />}
    </div>
  );
}

function Upload({ account, onUploaded }: { account: string; onUploaded: Props["onUploaded"] }) {
  const upload = useMutation({
    mutationFn: (file: File) =>
      unwrap(
        uploadImport({
          body: file,
          query: { account_id: account, file_name: file.name },
          headers: { "Content-Type": "application/octet-stream" },
          bodySerializer: null,
        }),
      ),
    onSuccess: onUploaded,
  });
  return (
    <>
      <DropZone
        isBusy={upload.isPending}
        onFile={(file) => {
          upload.mutate(file);
        }}
      />
      <FormatList />
      {upload.error && <ProblemNotice error={upload.error} title="The file was not taken" />}
    </>
  );
}

function DropZone({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const take = (file: File | undefined) => {
    if (!file) return;
    const over = file.size > LIMIT_MB * 1024 * 1024;
    setTooLarge(over);
    if (!over) onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={`border-2 border-dashed rounded-lg px-6 py-8 text-center ${isOver ? "border-blue bg-blue-wash" : "border-rule-strong"}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <FileUp aria-hidden="true" className="mx-auto mb-3 text-ink-2" />
      <input
        ref={input}
        type="file"
        className="sr"
        aria-label="File to import"
        accept=".csv,.txt,.xml,.tsv,.json"
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <button
        type="button"
        className="btn primary"
        disabled={isBusy}
        onClick={() => input.current?.click()}
      >
        {isBusy ? "Uploading…" : "Choose a file"}
      </button>
      <p className="text-sm text-ink-2 mt-3">
        or drop it here. For a CSV we do not know you name the columns once. Up to {LIMIT_MB} MB.
      </p>
      {tooLarge && (
        <p role="alert" className="text-loss text-sm mt-2">
          The file is larger than {LIMIT_MB} MB. Export a shorter span and import it in parts.
        </p>
      )}
    </div>
  );
}
