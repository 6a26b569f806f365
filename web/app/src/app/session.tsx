// Who is signed in, and what they may do. Without a session every page is the sign-in page.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Spin } from "antd";
import type { ReactNode } from "react";
import { createContext, useContext, useMemo } from "react";

import { ProblemError, carry, send } from "../api/client";
import { Oops } from "../parts/Oops";
import { SignIn } from "../pages/SignIn";

export interface Who {
  name: string;
  scopes: string[];
}
interface Session extends Who {
  may: (scope: string) => boolean;
  signOut: () => Promise<void>;
}

const CURRENT = "/api/v1/sessions/current";
const Context = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data, error, isPending } = useQuery({ queryKey: ["session"], queryFn: current, retry: false });
  const session = useMemo<Session | null>(
    () =>
      data
        ? {
            ...data,
            may: (scope) => data.scopes.includes(scope),
            signOut: async () => {
              await send("delete", CURRENT).catch(() => undefined);
              carry(undefined);
              client.clear();
              await client.invalidateQueries();
            },
          }
        : null,
    [data, client],
  );
  if (isPending) return <Spin fullscreen aria-label="…" />;
  if (error) return <Oops error={error} onRetry={() => void client.invalidateQueries()} />;
  if (!session) return <SignIn onDone={() => client.invalidateQueries({ queryKey: ["session"] })} />;
  return <Context value={session}>{children}</Context>;
}

/** Who is signed in. */
export function useSession(): Session {
  const found = useContext(Context);
  if (!found) throw new Error("useSession outside of SessionProvider");
  return found;
}

/** Sign in; afterwards a cookie that no script can read says who asks. */
export async function signIn(given: { name: string; password: string } | { token: string }) {
  await send("post", "/api/v1/sessions", {
    body: JSON.stringify(given),
    headers: { "Content-Type": "application/json" },
  });
}

async function current(): Promise<Who | null> {
  try {
    return (await (await send("get", CURRENT)).json()) as Who;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return null;
    throw error;
  }
}
