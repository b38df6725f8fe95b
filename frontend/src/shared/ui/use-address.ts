import { useNavigate, useSearch } from "@tanstack/react-router";

type Words = Readonly<Record<string, unknown>>;

/** A word of the address, and a way to change it; the page stays where it is scrolled to. */
export function useWord(name: string): readonly [unknown, (next: string | undefined) => void] {
  const search: Words = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: string | undefined) => {
    void navigate({
      to: ".",
      search: (before: Words) => ({ ...before, [name]: next }),
      replace: true,
      resetScroll: false,
    });
  };
  return [search[name], change] as const;
}

/** One of a few, kept in the address so that a link shows the same; the usual one has no word. */
export function useAddress<T extends string>(
  name: string,
  options: readonly (readonly [T, string])[],
  usual: T,
): readonly [T, (next: T) => void] {
  const [word, change] = useWord(name);
  const chosen = options.find(([key]) => key === word)?.[0] ?? usual;
  return [
    chosen,
    (next) => {
      change(next === usual ? undefined : next);
    },
  ] as const;
}
