import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "@/shared/api/problem";

/** A refusal stays a refusal: only failures that may pass are tried again. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof ProblemError) ||
  error.problem.status === 0 ||
  error.problem.status === 429 ||
  error.problem.status >= 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && mayPass(error),
      refetchOnWindowFocus: false,
    },
  },
});
