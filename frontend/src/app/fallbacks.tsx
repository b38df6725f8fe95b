import { Link } from "@tanstack/react-router";
import { ProblemNotice } from "@/shared/ui/states";

export function NotFound() {
  return (
    <main className="max-w-xl mx-auto px-4 py-20 text-center">
      <h1 className="text-[1.75rem] mb-3">There is no such page</h1>
      <p className="text-ink-2 mb-6">
        The address may be mistyped, or what it names is not part of your portfolio.
      </p>
      <Link to="/" className="btn primary">
        To the overview
      </Link>
    </main>
  );
}

export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <div className="max-w-xl mx-auto px-4 py-12">
      <ProblemNotice error={error} onRetry={reset} title="This page could not be shown" />
    </div>
  );
}
