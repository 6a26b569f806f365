// Follows long work until it is over; then everything on screen is asked anew.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import type { Schemas } from "../api/client";
import { ProblemError, ask } from "../api/client";

type Run = Schemas["run"];
const OVER = ["done", "failed", "cancelled", "interrupted"];
const EVERY_MS = 700;

/** The run as it is now, looked at again and again; nothing for no run. */
export function useFollowed(number: number | undefined): Run | undefined {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["follow", number],
    queryFn: ({ signal }) => ask("get", "/runs/{number}", { path: { number: number! }, signal }),
    enabled: number !== undefined,
    refetchInterval: ({ state }) => (state.data && OVER.includes(state.data.status) ? false : EVERY_MS),
  });
  const over = data !== undefined && OVER.includes(data.status);
  useEffect(() => {
    if (over) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "follow" });
  }, [over, client]);
  return data;
}

/** What was wrong with work that failed, as the server says it. */
export function problemOf(run: Run): Error {
  if (!run.error) return new Error(run.problem);
  const { message, code, ...more } = run.error;
  return new ProblemError({ type: "", title: "", status: 0, code, detail: message, ...more });
}
