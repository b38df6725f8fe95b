import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { PreferencesProvider } from "@/shared/preferences/preferences";

type Options = {
  /** The address the page stands at. */
  at?: string;
  validateSearch?: (raw: Record<string, unknown>) => object;
};

/** A page with the providers the application gives it, on a router that stays where it is. */
export function show(page: () => ReactNode, options: Options = {}) {
  const route = createRootRoute({
    component: page,
    // what stands inside a frame is another test's matter
    notFoundComponent: () => null,
    ...(options.validateSearch ? { validateSearch: options.validateSearch } : {}),
  });
  const router = createRouter({
    routeTree: route,
    history: createMemoryHistory({ initialEntries: [options.at ?? "/"] }),
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <PreferencesProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </PreferencesProvider>,
  );
  return { router, queries, user: userEvent.setup() };
}
