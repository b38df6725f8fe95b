import { ChevronRight } from "lucide-react";
import type { PartNodeOut } from "@/shared/api/gen/types.gen";

type Props = {
  top: string;
  path: readonly PartNodeOut[];
  onOpen: (change: { node: string | undefined }) => void;
};

/** Where one is in the tree, and the way up. */
export function Breadcrumb({ top, path, onOpen }: Props) {
  if (path.length === 0) return null;
  const places = [{ key: undefined, label: top }, ...path];
  return (
    <nav aria-label="Level" className="mb-3">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-sm">
        {places.map(({ key, label }, index) => (
          <li key={key ?? "top"} className="inline-flex items-center gap-x-1.5">
            {index > 0 && <ChevronRight aria-hidden="true" size={14} className="text-ink-2" />}
            {index === places.length - 1 ? (
              <span aria-current="location" className="font-semibold">
                {label}
              </span>
            ) : (
              <button
                type="button"
                className="said lnk"
                onClick={() => {
                  onOpen({ node: key });
                }}
              >
                {label}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
