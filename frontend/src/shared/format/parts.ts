/** Categories that narrow an answer, counted, and that what is in none is meant. */
export const categoryTexts = (categories: number, unclassified: number): string[] => [
  ...(categories === 1 ? ["one category"] : []),
  ...(categories > 1 ? [`${String(categories)} categories`] : []),
  ...(unclassified > 0 ? ["what is not classified"] : []),
];
