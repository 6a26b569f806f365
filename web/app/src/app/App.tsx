// The page from the outside in: look, language, questions, who asks, the workspace, the addresses.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as Components, ConfigProvider } from "antd";
import type { Locale } from "antd/es/locale";
import { useEffect, useMemo, useState } from "react";
import { BrowserRouter } from "react-router";

import { ProblemError } from "../api/client";
import { AppearanceProvider, useAppearance } from "./appearance";
import { Boundary } from "./Boundary";
import type { Language } from "./language";
import { LANGUAGES, useLanguage } from "./language";
import { Pages } from "./Pages";
import { SessionProvider } from "./session";
import { Shell } from "./Shell";
import { themeOf } from "./theme";
import { WorkspaceProvider } from "./workspace";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && error instanceof ProblemError && [0, 502, 503, 504].includes(error.problem.status),
    },
  },
});

export function App() {
  return (
    <AppearanceProvider>
      <Looks>
        <QueryClientProvider client={client}>
          <BrowserRouter basename="/app">
            <Boundary>
              <SessionProvider>
                <WorkspaceProvider>
                  <Shell>
                    <Pages />
                  </Shell>
                </WorkspaceProvider>
              </SessionProvider>
            </Boundary>
          </BrowserRouter>
        </QueryClientProvider>
      </Looks>
    </AppearanceProvider>
  );
}

function Looks({ children }: { children: React.ReactNode }) {
  const { language } = useLanguage();
  const { dark, palette } = useAppearance();
  const pack = usePack(language);
  const theme = useMemo(() => themeOf(palette, dark), [palette, dark]);
  return (
    <ConfigProvider theme={theme} locale={pack} direction={LANGUAGES[language].dir} button={{ autoInsertSpace: false }}>
      <Components>{children}</Components>
    </ConfigProvider>
  );
}

const PACKS: Record<Language, () => Promise<unknown>> = {
  en: () => import("antd/locale/en_GB"),
  uk: () => import("antd/locale/uk_UA"),
  ru: () => import("antd/locale/ru_RU"),
  pl: () => import("antd/locale/pl_PL"),
  fa: () => import("antd/locale/fa_IR"),
};

/** The words of the components themselves (pages of a table, days of a calendar). */
function usePack(language: Language): Locale | undefined {
  const [pack, setPack] = useState<Locale>();
  useEffect(() => {
    let wanted = true;
    void PACKS[language]().then((found) => {
      // How a bundler wraps a module of the older kind differs; the pack is the innermost default.
      let inner = found as { default?: unknown };
      while (inner.default) inner = inner.default as { default?: unknown };
      if (wanted) setPack(inner as unknown as Locale);
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  return pack;
}
