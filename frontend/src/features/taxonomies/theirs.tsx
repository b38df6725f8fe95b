/** Somebody else was first: nothing is written over theirs before it was seen. */
export function Theirs({ onShow }: { onShow: () => void }) {
  return (
    <div role="alert" className="note warn flex flex-col gap-2">
      <p className="font-semibold">Somebody else changed this taxonomy meanwhile</p>
      <p>Nothing of yours was written over theirs. Look at theirs, then do it again.</p>
      <button type="button" className="btn line self-start" onClick={onShow}>
        Show theirs
      </button>
    </div>
  );
}
