import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { fieldError } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { useCreate } from "./use-lists";

/** A name, and the list is there. */
export function NewList({ onMade }: { onMade: (made: WatchlistOut) => void }) {
  const create = useCreate(onMade);
  const refused = fieldError(create.error, "name");
  return (
    <form
      aria-label="New watchlist"
      className="flex flex-col gap-4 w-full max-w-sm text-left"
      onSubmit={(event) => {
        event.preventDefault();
        const name = new FormData(event.currentTarget).get("name");
        if (typeof name === "string" && name.trim()) create.mutate(name.trim());
      }}
    >
      {create.error && !refused && (
        <ProblemNotice error={create.error} title="The list was not made" />
      )}
      <TextField
        label="Name"
        name="name"
        required
        maxLength={80}
        autoComplete="off"
        placeholder="Ideas"
        error={refused}
      />
      <button type="submit" className="btn primary self-start" disabled={create.isPending}>
        Make the list
      </button>
    </form>
  );
}
