/** The product's sign. */
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="size-7">
      <rect width="32" height="32" rx="7" fill="var(--blue)" />
      <path
        d="M6 22.5 12.5 15l5 4L26 9"
        fill="none"
        stroke="var(--blue-ink)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M6 27h20" stroke="var(--blue-ink)" strokeOpacity=".55" strokeWidth="1.6" />
    </svg>
  );
}
