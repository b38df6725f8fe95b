import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { CompositionPanel } from "@/features/taxonomies/composition-panel";
import { TaxonomyEditor } from "@/features/taxonomies/taxonomy-editor";
import { NewTaxonomy, TaxonomyHead } from "@/features/taxonomies/taxonomy-picker";
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { Choice } from "@/shared/ui/choice";
import { PageTitle, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import type { Search } from "../search";
import { usePageSearch } from "../use-search";

const NEW = "new";

/** What the file of a taxonomy named and nothing here is called. */
type Left = { of: string; names: readonly string[] };

export function TaxonomiesPage() {
  const [search, change] = usePageSearch();
  const { data, error, refetch } = useQuery(taxonomiesQuery);
  const [left, setLeft] = useState<Left>({ of: "", names: [] });
  const retry = () => {
    void refetch();
  };
  const current = data?.items.find((item) => item.id === search.taxonomy);
  const aside = current && (
    <Link to="/allocation" search={(now: Search) => ({ ...now, by: current.id })} className="lnk">
      Allocation by {current.name}
    </Link>
  );
  return (
    <>
      <PageTitle aside={aside}>Taxonomies</PageTitle>
      <p className="text-sm text-ink-2 max-w-[72ch] mb-5">
        Ways to sort what is held: by sector, by region, by whatever matters. One instrument can
        belong to several categories, in parts.
      </p>
      {!data &&
        (error ? (
          <ProblemNotice error={error} onRetry={retry} />
        ) : (
          <Skeleton label="Loading taxonomies" rows={4} height={36} />
        ))}
      {data && error && <StaleNotice what="the taxonomies" onRetry={retry} />}
      {data && data.items.length > 0 && (
        <div className="mb-5">
          <Choice
            label="Taxonomy"
            value={current?.id ?? NEW}
            options={[...data.items.map((item) => [item.id, item.name] as const), [NEW, "New"]]}
            onChange={(next) => {
              change({ taxonomy: next === NEW ? undefined : next });
            }}
          />
        </div>
      )}
      {data && current && (
        <div key={current.id}>
          <TaxonomyHead
            item={current}
            onRemoved={() => {
              change({ taxonomy: undefined });
            }}
          />
          {left.of === current.id && left.names.length > 0 && (
            <p role="status" className="note warn mb-5">
              Left out, because nothing here is called so: {left.names.join(", ")}.
            </p>
          )}
          <TaxonomyEditor id={current.id} />
        </div>
      )}
      {data && !current && (
        <Section id="new" title="A new taxonomy">
          <NewTaxonomy
            onMade={(id, unmatched) => {
              setLeft({ of: id, names: unmatched });
              change({ taxonomy: id });
            }}
          />
        </Section>
      )}
      <div className="mt-10">
        <Section id="look-through" title="What funds are made of">
          <CompositionPanel />
        </Section>
      </div>
    </>
  );
}
