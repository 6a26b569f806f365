// A long list that is known whole, and drawn a piece at a time.
import { useState } from "react";

const PIECE = 24;

/** The first of them, and what `More` needs to draw as many again. */
export function useSome<Each>(all: readonly Each[]) {
  const [most, setMost] = useState(PIECE);
  const more = { hasNextPage: all.length > most, isFetchingNextPage: false, fetchNextPage: () => setMost(most + PIECE) };
  return { some: all.slice(0, most), more };
}
