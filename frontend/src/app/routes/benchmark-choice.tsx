import { Link } from "@tanstack/react-router";
import { BenchmarkField } from "@/features/benchmarks/benchmark-field";
import { keptReturns } from "../search";
import { usePageSearch } from "../use-search";

/** What the page is compared with, in the address; and the way to the blends. */
export function Benchmark() {
  const [search, change] = usePageSearch();
  return (
    <BenchmarkField
      value={search.benchmark}
      onChange={(benchmark) => {
        // of attribution it takes the place of what was put into groups by hand
        change({ benchmark, blend: undefined });
      }}
      manage={
        <Link
          to="/benchmarks"
          search={keptReturns("/benchmarks")(search)}
          className="lnk text-sm mt-1"
        >
          Benchmarks and blends
        </Link>
      }
    />
  );
}
