import type { CategoryOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { paletteColor } from "@/shared/charts/palette";
import { below, withDepth } from "./weights";

type Props = {
  data: TaxonomyOut;
  /** A category's id, or null for what is not classified. */
  chosen: string | null;
  unclassifiedCount: number | undefined;
  onChoose: (id: string | null) => void;
};

/** The tree; one place of it is chosen, and shown beside it. */
export function CategoryTree({ data, chosen, unclassifiedCount, onChoose }: Props) {
  return (
    <nav aria-label="Categories">
      <ul className="text-sm">
        <li className="border-b border-rule">
          <Place
            label="Not classified yet"
            count={unclassifiedCount}
            isChosen={chosen === null}
            onChoose={() => {
              onChoose(null);
            }}
          />
        </li>
        {withDepth(data.categories).map((category) => (
          <li key={category.id} className="border-b border-rule">
            <Place
              label={category.name}
              depth={category.depth}
              color={paletteColor(category.color_index)}
              count={countIn(data, category)}
              isChosen={chosen === category.id}
              onChoose={() => {
                onChoose(category.id);
              }}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** How many instruments are in a category or below it. */
function countIn(data: TaxonomyOut, category: CategoryOut): number {
  const places = below(data.categories, category.id);
  const inside = data.assignments.filter((held) => places.has(held.category_id));
  return new Set(inside.map((held) => held.instrument_id)).size;
}

type PlaceProps = {
  label: string;
  count: number | undefined;
  depth?: number;
  color?: string;
  isChosen: boolean;
  onChoose: () => void;
};

function Place({ label, count, depth = 0, color, isChosen, onChoose }: PlaceProps) {
  return (
    <button
      type="button"
      aria-current={isChosen ? "true" : undefined}
      className={`said w-full flex items-center gap-2.5 min-h-9 py-1 pr-2 text-left cursor-pointer ${
        isChosen ? "bg-sunk font-semibold" : "hover:bg-sunk/70"
      }`}
      style={{ paddingLeft: `${String(8 + depth * 18)}px` }}
      onClick={onChoose}
    >
      {color && (
        <i
          aria-hidden="true"
          className="size-2.5 rounded-[2px] shrink-0"
          style={{ background: color }}
        />
      )}
      <span className="min-w-0 truncate">{label}</span>
      {count !== undefined && count > 0 && (
        <span className="num ml-auto text-ink-2">
          {count}
          <span className="sr"> instruments</span>
        </span>
      )}
    </button>
  );
}
