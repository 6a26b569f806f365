// The frame of every page: a title, what it is for, what can be done, and its content.
import { Empty, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useEffect } from "react";

import { Oops } from "./Oops";

interface PageProps {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
  children: ReactNode;
}

export function Page({ title, about, actions, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Segmentry`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-title">
          {back}
          <h1 dir="auto">{title}</h1>
          {about && <p className="muted">{about}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** An answer, or that it is on its way, or why there is none. */
export function Answered<T>({ of, rows = 4, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Oops error={of.error} onRetry={() => void of.refetch()} />;
  return <Skeleton active paragraph={{ rows }} />;
}

/** Nothing here yet, and what to do next. */
export function Nothing({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<span className="muted">{children}</span>}>
      {action}
    </Empty>
  );
}

/** A part of a page with a heading. */
export function Panel({ title, about, extra, children, className = "" }: { title?: ReactNode; about?: ReactNode; extra?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`panel ${className}`}>
      {(title || extra) && (
        <div className="panel-head">
          <div>
            {title && <h2>{title}</h2>}
            {about && <p className="muted">{about}</p>}
          </div>
          {extra && <div className="panel-extra">{extra}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

/** One figure with what it is of. */
export function Figure({ label, value, note }: { label: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <span className="figure-value">{value}</span>
        {note && <span className="muted figure-note">{note}</span>}
      </dd>
    </div>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

/** Something that may be wider than the page: it scrolls by itself, by keyboard too. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
