// What the workspace is of: asked once, and known on every page.
import { Spin } from "antd";
import type { ReactNode } from "react";
import { createContext, useContext } from "react";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { Oops } from "../parts/Oops";

export type Workspace = Schemas["workspace"];
const Context = createContext<Workspace | null>(null);

export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useAnswer("/workspace", {}, { keep: true, again: (found) => found.refresh_due });
  if (data) return <Context value={data}>{children}</Context>;
  if (error) return <Oops error={error} onRetry={() => void refetch()} />;
  return <Spin fullscreen aria-label="…" />;
}

/** Settings that every number rests on, and how far the data go. */
export function useWorkspace(): Workspace {
  const found = useContext(Context);
  if (!found) throw new Error("useWorkspace outside of WorkspaceProvider");
  return found;
}
