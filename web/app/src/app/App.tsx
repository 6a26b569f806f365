// The page from the outside in: look, language, questions, who asks, the workspace, the addresses.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as Components, ConfigProvider } from "antd";
import { useMemo } from "react";
import { BrowserRouter } from "react-router";

import { ProblemError } from "../api/client";
import { AppearanceProvider, useAppearance } from "./appearance";
import { Boundary } from "./Boundary";
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
  const { language, pack } = useLanguage();
  const { dark, palette } = useAppearance();
  const theme = useMemo(() => themeOf(palette, dark), [palette, dark]);
  return (
    <ConfigProvider theme={theme} locale={pack} direction={LANGUAGES[language].dir} button={{ autoInsertSpace: false }}>
      <Components>{children}</Components>
    </ConfigProvider>
  );
}
