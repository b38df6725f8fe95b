import { instant } from "@/shared/format/format";

/** An instant in words; the exact one, in the viewer's zone, on hovering and for machines. */
export function Moment({ iso, children }: { iso: string; children: string }) {
  return (
    <time dateTime={iso} title={instant(iso)}>
      {children}
    </time>
  );
}
