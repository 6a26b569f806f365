// Light or dark: what the person chose, or what the system says.
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useMemo, useState } from "react";

import type { Palette } from "./theme";
import { DARK, LIGHT } from "./theme";

export type Appearance = "light" | "dark" | "system";
interface Shown {
  appearance: Appearance;
  dark: boolean;
  palette: Palette;
  choose: (appearance: Appearance) => void;
}

const KEPT = "segmentry.appearance";
const Context = createContext<Shown | null>(null);

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(
    () => (localStorage.getItem(KEPT) as Appearance | null) ?? "system",
  );
  const [systemDark, setSystemDark] = useState(() => media().matches);
  useEffect(() => {
    const found = media();
    const listen = () => setSystemDark(found.matches);
    found.addEventListener("change", listen);
    return () => found.removeEventListener("change", listen);
  }, []);
  const dark = appearance === "dark" || (appearance === "system" && systemDark);
  const palette = dark ? DARK : LIGHT;
  useEffect(() => paint(palette, dark), [palette, dark]);
  const shown = useMemo<Shown>(
    () => ({
      appearance,
      dark,
      palette,
      choose: (next) => {
        localStorage.setItem(KEPT, next);
        setAppearance(next);
      },
    }),
    [appearance, dark, palette],
  );
  return <Context value={shown}>{children}</Context>;
}

/** What is shown, and how to change it. */
export function useAppearance(): Shown {
  const found = useContext(Context);
  if (!found) throw new Error("useAppearance outside of AppearanceProvider");
  return found;
}

function media() {
  return window.matchMedia("(prefers-color-scheme: dark)");
}

function paint(palette: Palette, dark: boolean) {
  const style = document.documentElement.style;
  style.colorScheme = dark ? "dark" : "light";
  for (const [name, value] of Object.entries(palette)) {
    if (typeof value === "string") style.setProperty(`--${name}`, value);
  }
}
