// How something stands: a dot and a word, so that colour alone never says it.
import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "calm" | "busy";

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`status ${tone}`}>
      <i aria-hidden />
      {children}
    </span>
  );
}
