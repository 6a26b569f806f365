// Holds what a fault in a page would take down with it: the rest stays, and the page can be tried again.
import { CopyOutlined, ReloadOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import type { ErrorInfo, ReactNode } from "react";
import { Component, useEffect, useRef } from "react";
import { useLocation } from "react-router";

import { Page, Panel } from "../parts/Page";
import { NotLoadedError, reportOf } from "./fault";
import { useLanguage } from "./language";

interface HoldProps {
  /** Where the page is: what went wrong there says nothing about elsewhere. */
  place: string;
  children: ReactNode;
}
interface Held {
  error?: unknown;
  report?: string;
}

export function Boundary({ children }: { children: ReactNode }) {
  return <Hold place={useLocation().pathname}>{children}</Hold>;
}

class Hold extends Component<HoldProps, Held> {
  override state: Held = {};

  static getDerivedStateFromError(error: unknown): Held {
    return { error };
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo) {
    this.setState({ report: reportOf(error, this.props.place, componentStack ?? "") });
  }

  override componentDidUpdate(before: HoldProps) {
    if (before.place !== this.props.place && this.state.error !== undefined) this.again();
  }

  again = () => this.setState({ error: undefined, report: undefined });

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Fault error={this.state.error} report={this.state.report ?? ""} onRetry={this.again} />;
  }
}

function Fault({ error, report, onRetry }: { error: unknown; report: string; onRetry: () => void }) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const unloaded = error instanceof NotLoadedError;
  useEffect(() => client.removeQueries({ type: "inactive" }), [client]); // an answer may have been at fault
  const again = () => (unloaded ? window.location.reload() : onRetry());
  return (
    <Page title={t("fault.title")} about={t(unloaded ? "fault.unloaded" : "fault.about")}>
      <Panel>
        <div className="stack tight" role="alert">
          <div className="row">
            <Button type="primary" icon={<ReloadOutlined />} onClick={again}>
              {t("action.retry")}
            </Button>
          </div>
          <Report text={report} />
        </div>
      </Panel>
    </Page>
  );
}

/** What those who mend it need, to read before one sends it. */
function Report({ text }: { text: string }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const shown = useRef<HTMLPreElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      void message.success(t("fault.copied"));
    } catch {
      // not allowed, or no secure address: it is marked instead, so that one key copies it
      if (shown.current) window.getSelection()?.selectAllChildren(shown.current);
    }
  };
  return (
    <details>
      <summary>{t("fault.detail")}</summary>
      <div className="stack tight">
        <p className="muted small">{t("fault.detail_about")}</p>
        <pre ref={shown} className="sql code" dir="ltr" tabIndex={0}>
          {text}
        </pre>
        <div className="row">
          <Button size="small" icon={<CopyOutlined />} onClick={() => void copy()}>
            {t("fault.copy")}
          </Button>
        </div>
      </div>
    </details>
  );
}
