/** A table as a file. */
export function Save({ onPress }: { onPress: () => void }) {
  return (
    <p className="mt-2 text-xs">
      <button type="button" className="lnk" onClick={onPress}>
        Save as CSV
      </button>
    </p>
  );
}
