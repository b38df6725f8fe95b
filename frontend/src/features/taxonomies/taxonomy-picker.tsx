import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAttempt } from "@/shared/api/attempt";
import {
  createTaxonomy,
  importTaxonomy,
  removeTaxonomy,
  renameTaxonomy,
} from "@/shared/api/gen/sdk.gen";
import type { TaxonomyIn, TaxonomySummaryOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { taxonomiesKey } from "@/shared/api/taxonomies";
import { Confirm } from "@/shared/ui/confirm";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { taxonomyQuery } from "./queries";
import { readTaxonomy, saveTaxonomy } from "./taxonomy-files";

type Starter = "sectors" | "regions";
const STARTERS: readonly (readonly [Starter | "", string])[] = [
  ["", "Nothing"],
  ["sectors", "Sectors"],
  ["regions", "Regions and countries"],
];

function useTaxonomies(onMade: (id: string) => void) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const refresh = async () => {
    attempt.settle();
    void queryClient.invalidateQueries({ queryKey: ["valuation", "checks"] });
    await queryClient.invalidateQueries({ queryKey: [...taxonomiesKey, "list"] });
  };
  const headers = (body: unknown) => ({ "Idempotency-Key": attempt.keyFor(body) });
  const create = useMutation({
    mutationFn: (body: TaxonomyIn) => unwrap(createTaxonomy({ body, headers: headers(body) })),
    onSuccess: async (made) => {
      await refresh();
      onMade(made.id);
    },
  });
  const read = useMutation({
    mutationFn: async (file: File) => {
      const body = await readTaxonomy(file);
      return unwrap(importTaxonomy({ body, headers: headers(body) }));
    },
    onSuccess: async ({ taxonomy }) => {
      await refresh();
      onMade(taxonomy.id);
    },
  });
  return { create, read };
}

/** Make a taxonomy: empty, from a ready tree, or from a file. */
export function NewTaxonomy({ onMade }: { onMade: (id: string) => void }) {
  const { create, read } = useTaxonomies(onMade);
  const [starter, setStarter] = useState<Starter | "">("sectors");
  const error = create.error ?? read.error;
  return (
    <form
      aria-label="New taxonomy"
      className="flex flex-col gap-4 max-w-2xl"
      onSubmit={(event) => {
        event.preventDefault();
        const name = new FormData(event.currentTarget).get("name");
        if (typeof name !== "string" || !name.trim()) return;
        create.mutate({ name: name.trim(), starter: starter || null });
      }}
    >
      {error && <ProblemNotice error={error} title="Nothing was made" />}
      <div className="grid sm:grid-cols-2 gap-4">
        <TextField label="Name" name="name" required maxLength={80} placeholder="Sectors" />
        <SelectField
          label="Begin with"
          value={starter}
          options={STARTERS}
          onChange={(event) => {
            setStarter(STARTERS.find(([key]) => key === event.target.value)?.[0] ?? "");
          }}
        />
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn primary" disabled={create.isPending}>
          Make it
        </button>
        <label className="text-sm min-w-0 max-w-full">
          Or from a file
          <input
            type="file"
            className="block w-full min-w-0 mt-1"
            accept="application/json,.json"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) read.mutate(file);
            }}
          />
        </label>
      </div>
      {read.data && read.data.unmatched.length > 0 && (
        <p role="status" className="text-sm">
          Left out, because nothing here is called so: {read.data.unmatched.join(", ")}.
        </p>
      )}
    </form>
  );
}

type HeadProps = { item: TaxonomySummaryOut; onRemoved: () => void };

/** A taxonomy's name, its file, and its end. */
export function TaxonomyHead({ item, onRemoved }: HeadProps) {
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: (name: string) =>
      unwrap(
        renameTaxonomy({ path: { taxonomy_id: item.id }, body: { version: item.version, name } }),
      ),
    onSuccess: async (made) => {
      queryClient.setQueryData(taxonomyQuery(item.id).queryKey, made);
      await queryClient.invalidateQueries({ queryKey: [...taxonomiesKey, "list"] });
    },
  });
  const remove = useMutation({
    mutationFn: () =>
      unwrap(removeTaxonomy({ path: { taxonomy_id: item.id }, query: { version: item.version } })),
    onSuccess: async () => {
      onRemoved();
      void queryClient.invalidateQueries({ queryKey: ["valuation", "checks"] });
      await queryClient.invalidateQueries({ queryKey: [...taxonomiesKey, "list"] });
    },
  });
  const save = useMutation({ mutationFn: () => saveTaxonomy(item.id, item.name) });
  const error = rename.error ?? remove.error ?? save.error;
  return (
    <>
      {error && <ProblemNotice error={error} title="Nothing was changed" />}
      <div className="flex flex-wrap items-end gap-3 mb-6">
        <div className="w-60 max-w-full">
          <TextField
            key={item.name}
            label="Called"
            defaultValue={item.name}
            maxLength={80}
            onBlur={(event) => {
              const name = event.target.value.trim();
              if (name && name !== item.name) rename.mutate(name);
            }}
          />
        </div>
        <button
          type="button"
          className="btn line"
          onClick={() => {
            save.mutate();
          }}
        >
          Save as a file
        </button>
        <Confirm
          label="Remove"
          about={item.name}
          question={`Remove ${item.name}?`}
          consequence="Its categories and what was put in them are gone; holdings and records are not. A file of it can be read back."
          yes="Remove it"
          no="Keep it"
          isDisabled={remove.isPending}
          onConfirm={() => {
            remove.mutate();
          }}
        />
      </div>
    </>
  );
}
