// What went wrong: its kind in the reader's language; what exactly, where, and what to do, as the API says it.
import { Alert, App, Button } from "antd";
import type { TFunction } from "i18next";

import { ProblemError } from "../api/client";
import { useLanguage } from "../app/language";

export function Oops({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLanguage();
  const { title, more } = saidOf(error, t);
  return (
    <Alert
      type="error"
      showIcon
      className="oops"
      title={title}
      description={more.length > 0 && more.map((each) => <div key={each} dir="auto">{each}</div>)}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t("action.retry")}
          </Button>
        )
      }
    />
  );
}

/** Says in passing what went wrong with something that was pressed. */
export function useTell(): (error: unknown) => void {
  const { t } = useLanguage();
  const { message } = App.useApp();
  return (error) => {
    const { title, more } = saidOf(error, t);
    void message.error(
      <span>
        {title} <span dir="auto">{more.join(" ")}</span>
      </span>,
    );
  };
}

function saidOf(error: unknown, t: TFunction): { title: string; more: string[] } {
  if (!(error instanceof ProblemError)) return { title: t("problem.unknown"), more: [] };
  const { code, detail, where, fix } = error.problem as { code: string; detail: string; where?: string; fix?: string };
  if (code === "unreachable") return { title: t("problem.unreachable"), more: [t("problem.unreachable_fix")] };
  const title = t(`problem.${code}.title`, { defaultValue: t("problem.error.title") });
  return { title, more: [detail, where, fix].filter((each) => each !== undefined && each !== "") as string[] };
}
