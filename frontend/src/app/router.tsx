import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { restoreSession } from "@/shared/api/session";
import { readSearch } from "./search";
import { Shell } from "./shell";
import { NotFound, RouteError } from "./fallbacks";

const rootRoute = createRootRoute({ notFoundComponent: NotFound });

const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  component: Shell,
  errorComponent: RouteError,
  validateSearch: readSearch,
  beforeLoad: async ({ location }) => {
    if (!(await restoreSession())) {
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
});

const page = <P extends string>(
  path: P,
  load: () => Promise<Record<string, unknown>>,
  name: string,
) =>
  createRoute({
    getParentRoute: () => signedIn,
    path,
    component: lazyRouteComponent(
      load as () => Promise<Record<string, () => React.ReactNode>>,
      name,
    ),
  });

const readNext = (search: Record<string, unknown>): { next?: string } =>
  typeof search["next"] === "string" && search["next"].startsWith("/")
    ? { next: search["next"] }
    : {};

const door = (path: "/sign-in" | "/sign-up", name: string) =>
  createRoute({
    getParentRoute: () => rootRoute,
    path,
    validateSearch: readNext,
    component: lazyRouteComponent(
      () => import("./routes/doors") as unknown as Promise<Record<string, () => React.ReactNode>>,
      name,
    ),
  });

const routeTree = rootRoute.addChildren([
  door("/sign-in", "SignInPage"),
  door("/sign-up", "SignUpPage"),
  signedIn.addChildren([
    page("/", () => import("./routes/overview"), "OverviewPage"),
    page("/performance", () => import("./routes/performance"), "PerformancePage"),
    page("/performance/attribution", () => import("./routes/attribution"), "AttributionPage"),
    page("/holdings", () => import("./routes/holdings"), "HoldingsPage"),
    page("/holdings/past", () => import("./routes/past"), "PastPositionsPage"),
    page("/holdings/lots/$lotId", () => import("./routes/lot"), "LotPage"),
    page("/holdings/$instrumentId", () => import("./routes/holding"), "HoldingPage"),
    page("/cash", () => import("./routes/cash"), "CashPage"),
    page(
      "/cash/$accountId/$currency",
      () => import("./routes/cash-movements"),
      "CashMovementsPage",
    ),
    page("/gains", () => import("./routes/gains"), "GainsPage"),
    page("/gains/unrealized", () => import("./routes/gains-together"), "GainsTogetherPage"),
    page("/benchmarks", () => import("./routes/benchmarks"), "BenchmarksPage"),
    page("/income", () => import("./routes/income"), "IncomePage"),
    page("/risk", () => import("./routes/risk"), "RiskPage"),
    page("/reports", () => import("./routes/reports"), "ReportsPage"),
    page("/reports/$reportId", () => import("./routes/report"), "ReportPage"),
    page("/calculations", () => import("./routes/calculations"), "CalculationsPage"),
    page("/allocation", () => import("./routes/allocation"), "AllocationPage"),
    page("/taxonomies", () => import("./routes/taxonomies"), "TaxonomiesPage"),
    page("/watchlists", () => import("./routes/watchlists"), "WatchlistsPage"),
    page("/alerts", () => import("./routes/alerts"), "AlertsPage"),
    page("/actions", () => import("./routes/actions"), "ActionsPage"),
    page("/transactions", () => import("./routes/transactions"), "TransactionsPage"),
    page("/transactions/new", () => import("./routes/transaction-new"), "TransactionNewPage"),
    page("/transactions/$transactionId", () => import("./routes/transaction"), "TransactionPage"),
    page(
      "/transactions/$transactionId/correct",
      () => import("./routes/transaction-correct"),
      "TransactionCorrectPage",
    ),
    page("/import", () => import("./routes/imports"), "ImportsPage"),
    page("/import/$importId", () => import("./routes/import"), "ImportPage"),
    page("/accounts", () => import("./routes/accounts"), "AccountsPage"),
    page("/operations/data", () => import("./routes/operations-data"), "OperationsDataPage"),
    page("/operations/jobs", () => import("./routes/operations-jobs"), "OperationsJobsPage"),
    page("/accounts/$accountId", () => import("./routes/account"), "AccountPage"),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
