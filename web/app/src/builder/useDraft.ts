// A rule that is being written: as a tree or as text, whichever was touched last; the API makes
// the other one, the sentence, and the count.
import { useEffect, useState } from "react";

import { usePosted } from "../api/hooks";
import type { Tree } from "./tree";
import { tidy } from "./tree";

export type Draft = { by: "tree"; tree: Tree | null } | { by: "text"; text: string };
const WAIT_MS = 250;

/** A value that follows another once it has rested. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), WAIT_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function useDraft(draft: Draft) {
  const rested = useRested(draft);
  const tree = rested.by === "tree" && rested.tree ? tidy(rested.tree) : null;
  const text = rested.by === "text" ? rested.text.trim() : "";
  const written = usePosted("/rules/write", { body: { rule: { version: 1, rule: tree ?? {} } } }, { enabled: tree !== null });
  const read = usePosted("/rules/read", { body: { text } }, { enabled: text !== "" });
  const asked = rested.by === "tree" ? tree !== null : text !== "";
  const found = asked ? (rested.by === "tree" ? written : read) : undefined;
  const face = found?.data;
  const problems = face?.problems ?? [];
  const sound = face !== undefined && problems.length === 0 && face.text !== "";
  const counted = usePosted("/segments/preview", { body: { rule: face?.text ?? "" } }, { enabled: sound });
  return {
    asked,
    face,
    problems,
    sound,
    error: found?.error ?? (sound ? counted.error : null),
    count: sound ? counted.data : undefined,
    busy: Boolean(found?.isFetching || counted.isFetching || rested !== draft),
  };
}
