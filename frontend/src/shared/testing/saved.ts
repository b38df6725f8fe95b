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

/** What pictures are drawn from, from now on; jsdom draws none, so none is saved. */
export function drawnPictures(): readonly string[] {
  const pictures: string[] = [];
  HTMLImageElement.prototype.decode = function decode() {
    pictures.push(decodeURIComponent(this.src));
    return new Promise(() => undefined);
  };
  return pictures;
}
