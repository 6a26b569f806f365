// The instant asked about is part of the address, so that a link shows what its sender saw.
import { useCallback } from "react";
import type { NavigateOptions } from "react-router";
import { useLocation, useNavigate, useSearchParams } from "react-router";

export const AS_OF = "as_of";
const DAY = /^\d{4}-\d{2}-\d{2}/;

/** The day asked about, and how to ask about another; none is the end of the data. */
export function useAsOf(): [string | undefined, (day: string | undefined) => void] {
  const [search, setSearch] = useSearchParams();
  const put = useCallback(
    (day: string | undefined) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        if (day) next.set(AS_OF, day);
        else next.delete(AS_OF);
        return next;
      }),
    [setSearch],
  );
  return [dayIn(search), put];
}

/** The day in an address; what is no day is left out, for people mistype addresses. */
function dayIn(search: URLSearchParams): string | undefined {
  const day = search.get(AS_OF);
  return day && DAY.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined;
}

/** An address below /app, with the instant that is being asked about. */
export function useAddress(): (to: string) => string {
  const { search } = useLocation();
  return useCallback(
    (to: string) => {
      const day = dayIn(new URLSearchParams(search));
      if (!day) return to;
      return `${to}${to.includes("?") ? "&" : "?"}${AS_OF}=${encodeURIComponent(day)}`;
    },
    [search],
  );
}

/** Goes somewhere, keeping the instant. */
export function useGo(): (to: string, options?: NavigateOptions) => void {
  const navigate = useNavigate();
  const of = useAddress();
  return useCallback((to, options) => void navigate(of(to), options), [navigate, of]);
}
