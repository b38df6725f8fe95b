/** Hands a file to the browser. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** A document as a file, laid out to be read. */
export const saveJson = (name: string, document: unknown): void => {
  const text = JSON.stringify(document, null, 2);
  saveFile(`${name}.json`, new Blob([text], { type: "application/json" }));
};
