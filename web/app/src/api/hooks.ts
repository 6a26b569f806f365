// Questions as hooks: the instant and the language that the page is in go with every question.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useAsOf } from "../app/address";
import { useLanguage } from "../app/language";
import type { Answer, Asked, Body, Method, Path, PathOf, Query } from "./client";
import { ask } from "./client";

interface Options {
  enabled?: boolean;
  keep?: boolean;
}

/** How often an answer that others may make another is asked for again. */
const AGAIN_MS = 5_000;

/** The answer to a question; asked again when the instant or the language changes, and while it says `again`. */
export function useAnswer<P extends PathOf<"get">>(
  path: P,
  given: { path?: Path<"get", P>; query?: Partial<Query<"get", P>> } = {},
  { enabled = true, keep = false, again }: Options & { again?: (found: Answer<"get", P>) => boolean } = {},
) {
  const context = useContextQuery();
  const query = { ...context, ...given.query } as unknown as Query<"get", P>;
  return useQuery<Answer<"get", P>>({
    queryKey: [path, given.path ?? null, query],
    queryFn: ({ signal }) => ask("get", path, { path: given.path, query, signal }),
    enabled,
    refetchInterval: again && (({ state }) => (state.data && again(state.data) ? AGAIN_MS : false)),
    placeholderData: keep ? (keepPreviousData as never) : undefined,
  });
}

/** A long answer, page by page; `more` asks for the next one where there is one. */
export function usePages<P extends PathOf<"get">>(
  path: P,
  given: { path?: Path<"get", P>; query?: Partial<Query<"get", P>> } = {},
) {
  const context = useContextQuery();
  const query = { ...context, ...given.query };
  return useInfiniteQuery({
    queryKey: [path, "pages", given.path ?? null, query],
    queryFn: ({ pageParam, signal }) =>
      ask("get", path, { path: given.path, query: { ...query, cursor: pageParam } as unknown as Query<"get", P>, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => (last as { next_cursor?: string | null }).next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** A question that is asked with a body and changes nothing, like a count. */
export function usePosted<P extends PathOf<"post">>(
  path: P,
  given: { path?: Path<"post", P>; query?: Partial<Query<"post", P>>; body?: Body<"post", P> },
  { enabled = true, keep = true }: Options = {},
) {
  const context = useContextQuery();
  const query = { ...context, ...given.query } as unknown as Query<"post", P>;
  return useQuery<Answer<"post", P>>({
    queryKey: [path, "post", given.path ?? null, query, given.body ?? null],
    queryFn: ({ signal }) => ask("post", path, { ...given, query, signal } as Asked<"post", P>),
    enabled,
    placeholderData: keep ? (keepPreviousData as never) : undefined,
  });
}

/** A change; afterwards everything on screen is asked anew. */
export function useChange<M extends Method, P extends PathOf<M>>(method: M, path: P) {
  const client = useQueryClient();
  const context = useContextQuery();
  return useMutation<Answer<M, P>, Error, Asked<M, P>>({
    mutationFn: (asked) =>
      ask(method, path, { ...asked, query: { ...context, ...asked.query } as unknown as Query<M, P> }),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** What goes with every question. */
export function useContextQuery(): { as_of?: string; language: Language } {
  const { language } = useLanguage();
  const [asOf] = useAsOf();
  return { as_of: asOf, language };
}

export type Language = "en" | "uk" | "ru" | "pl" | "fa";
