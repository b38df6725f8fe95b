/** Thin slanted lines to fill a bar with: `url(#id)`. */
export const Hatch = ({ id }: { id: string }) => (
  <defs>
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse">
      <path d="M-1 6 6 -1M-1 1 1 -1M4 6 6 4" stroke="var(--blue)" strokeWidth="1.1" />
    </pattern>
  </defs>
);
