// Parts of a page under one title, the one that is shown being part of the address.
import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

interface Tab {
  key: string;
  label: string;
  children: ReactNode;
}

export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const { i18n } = useTranslation();
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
  const step = (pressed: string) => {
    const onward = i18n.dir() === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (!["ArrowLeft", "ArrowRight"].includes(pressed)) return;
    const place = tabs.indexOf(shown) + (pressed === onward ? 1 : -1);
    const next = tabs.at(place % tabs.length)!;
    go(next.key);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[tabs.indexOf(next)]?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={(event) => step(event.key)}>
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
