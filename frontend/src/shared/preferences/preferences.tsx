import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

type Theme = "light" | "dark";
type Preferences = {
  theme: Theme;
  setTheme: (theme: Theme) => void;
  isHidden: boolean;
  setHidden: (hidden: boolean) => void;
};

const Context = createContext<Preferences | null>(null);
const DARK = "(prefers-color-scheme: dark)";
const THEME_KEY = "truenav.theme";
const HIDDEN_KEY = "truenav.hidden";

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private windows may refuse storage; the choice then lasts as long as the page
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function show(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

/** The system's theme as it changes, at dusk perhaps, for who never chose one. */
function useSystemTheme(keep: (theme: Theme) => void): void {
  useEffect(() => {
    const media = typeof window.matchMedia === "function" ? window.matchMedia(DARK) : null;
    const follow = ({ matches }: MediaQueryListEvent): void => {
      if (stored(THEME_KEY) !== null) return;
      const next = matches ? "dark" : "light";
      show(next);
      keep(next);
    };
    media?.addEventListener("change", follow);
    return () => {
      media?.removeEventListener("change", follow);
    };
  }, [keep]);
}

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [theme, keepTheme] = useState<Theme>(
    document.documentElement.dataset["theme"] === "dark" ? "dark" : "light",
  );
  useSystemTheme(keepTheme);
  const [isHidden, keepHidden] = useState(stored(HIDDEN_KEY) === "1");
  const value = useMemo(
    () => ({
      theme,
      setTheme: (next: Theme) => {
        show(next);
        store(THEME_KEY, next);
        keepTheme(next);
      },
      isHidden,
      setHidden: (next: boolean) => {
        store(HIDDEN_KEY, next ? "1" : "0");
        keepHidden(next);
      },
    }),
    [theme, isHidden],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const found = use(Context);
  if (!found) throw new Error("usePreferences needs a PreferencesProvider");
  return found;
}
