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
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { Confirm } from "@/shared/ui/confirm";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { NameField } from "@/shared/ui/name-field";
import { taxonomyQuery } from "./queries";
import { readTaxonomy, saveTaxonomy } from "./taxonomy-files";

const listKey = taxonomiesQuery.queryKey;

type Starter = "sectors" | "regions";
const STARTERS: readonly (readonly [Starter | "", string])[] = [
  ["", "Nothing"],
  ["sectors", "Sectors"],
  ["regions", "Regions and countries"],
];

/** The id of what was made, and the names in its file that nothing here is called. */
type OnMade = (id: string, unmatched: readonly string[]) => void;

function useTaxonomies(onMade: OnMade) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const refresh = async () => {
    attempt.settle();
    void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    await queryClient.invalidateQueries({ queryKey: listKey });
  };
  const headers = (body: unknown) => ({ "Idempotency-Key": attempt.keyFor(body) });
  const create = useMutation({
    mutationFn: (body: TaxonomyIn) => unwrap(createTaxonomy({ body, headers: headers(body) })),
    onSuccess: async (made) => {
      await refresh();
      onMade(made.id, []);
    },
  });
  const read = useMutation({
    mutationFn: async (file: File) => {
      const body = await readTaxonomy(file);
      return unwrap(importTaxonomy({ body, headers: headers(body) }));
    },
    onSuccess: async ({ taxonomy, unmatched }) => {
      await refresh();
      onMade(taxonomy.id, unmatched);
    },
  });
  return { create, read };
}

/** Make a taxonomy: empty, from a ready tree, or from a file. */
export function NewTaxonomy({ onMade }: { onMade: OnMade }) {
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
    </form>
  );
}

type HeadProps = { item: TaxonomySummaryOut; onRemoved: () => void };

function useHead(item: TaxonomySummaryOut, onRemoved: () => void) {
  const queryClient = useQueryClient();
  // what was refused for somebody else's change is tried again over theirs, once it is shown
  const onError = () => {
    void queryClient.invalidateQueries({ queryKey: listKey });
  };
  const rename = useMutation({
    mutationFn: (name: string) =>
      unwrap(
        renameTaxonomy({ path: { taxonomy_id: item.id }, body: { version: item.version, name } }),
      ),
    onSuccess: async (made) => {
      queryClient.setQueryData(taxonomyQuery(item.id).queryKey, made);
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
      await queryClient.invalidateQueries({ queryKey: listKey });
    },
    onError,
  });
  const remove = useMutation({
    mutationFn: () =>
      unwrap(removeTaxonomy({ path: { taxonomy_id: item.id }, query: { version: item.version } })),
    onSuccess: async () => {
      onRemoved();
      await queryClient.invalidateQueries({ queryKey: listKey });
      // last, so that nothing asks for figures of what is gone
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
    onError,
  });
  const save = useMutation({ mutationFn: () => saveTaxonomy(item.id, item.name) });
  return { rename, remove, save };
}

/** A taxonomy's name, its file, and its end. */
export function TaxonomyHead({ item, onRemoved }: HeadProps) {
  const { rename, remove, save } = useHead(item, onRemoved);
  const error = rename.error ?? remove.error ?? save.error;
  return (
    <>
      {error && <ProblemNotice error={error} title="Nothing was changed" />}
      <div className="flex flex-wrap items-end gap-3 mb-6">
        <div className="w-60 max-w-full">
          <NameField label="Called" name={item.name} onSave={rename.mutate} />
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
