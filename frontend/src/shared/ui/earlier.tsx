import { ProblemNotice } from "./states";

/** What of an infinite query a list needs to go further back. */
type Pages = {
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
};

/** The way to the pages before, and what is told when one of them did not come. */
export function Earlier({ query, what }: { query: Pages; what: string }) {
  return (
    <>
      {query.isFetchNextPageError && (
        <ProblemNotice error={query.error} title="The earlier ones could not be loaded" />
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn line mt-4"
          disabled={query.isFetchingNextPage}
          onClick={() => {
            void query.fetchNextPage();
          }}
        >
          {query.isFetchingNextPage ? "Loading…" : `Show earlier ${what}`}
        </button>
      )}
    </>
  );
}
