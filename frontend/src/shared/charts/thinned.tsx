import { counted } from "@/shared/format/format";

type Props = { isThinned: boolean; count: number };

/** Says that a line was drawn, listed and saved from fewer points than there are. */
export const Thinned = ({ isThinned, count }: Props) =>
  isThinned ? (
    <span>
      {counted(count, "point")} that keep the shape of the line are drawn, listed and saved; the
      figures are of every day.
    </span>
  ) : null;
