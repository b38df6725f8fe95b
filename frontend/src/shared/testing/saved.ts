/** Files the browser is given to save from now on; jsdom has no addresses for them. */
export function savedFiles(): readonly Blob[] {
  const saved: Blob[] = [];
  URL.createObjectURL = (content) => {
    if (content instanceof Blob) saved.push(content);
    return "blob:saved";
  };
  URL.revokeObjectURL = () => {};
  return saved;
}
