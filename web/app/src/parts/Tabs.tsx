// Parts of a page under one title, the one that is shown being part of the address.
import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { useSearchParams } from "react-router";

import { useLanguage } from "../app/language";

interface Tab {
  key: string;
  label: string;
  children: ReactNode;
}

export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const { rtl } = useLanguage();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useSearchParams();
  const shown = tabs.find((tab) => tab.key === search.get("tab")) ?? tabs[0]!;
  const go = (key: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.set("tab", key);
        return next;
      },
      { replace: true },
    );
  const step = (pressed: string, from: EventTarget) => {
    const onward = rtl ? "ArrowLeft" : "ArrowRight";
    const buttons = [...list.current!.querySelectorAll<HTMLElement>("[role=tab]")];
    const ends: Record<string, number> = { Home: 0, End: -1 };
    if (!["ArrowLeft", "ArrowRight"].includes(pressed) && !(pressed in ends)) return;
    // from where focus is: what is shown follows a moment later
    const place = ends[pressed] ?? (buttons.indexOf(from as HTMLElement) + (pressed === onward ? 1 : -1)) % tabs.length;
    go(tabs.at(place)!.key);
    buttons.at(place)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={(event) => step(event.key, event.target)}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab === shown}
            aria-controls={tab === shown ? `${id}-panel` : undefined}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => go(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.key}`} className="stack">
        {shown.children}
      </div>
    </>
  );
}
