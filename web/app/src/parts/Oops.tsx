// What went wrong, where, and what to do about it, as the API says it.
import { Alert, App, Button } from "antd";

import { ProblemError } from "../api/client";
import { useLanguage } from "../app/language";

export function Oops({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLanguage();
  const problem = error instanceof ProblemError ? error.problem : null;
  const away = problem?.code === "unreachable";
  const where = problem?.where as string | undefined;
  const fix = away ? t("problem.unreachable_fix") : (problem?.fix as string | undefined);
  const detail = away ? t("problem.unreachable") : (problem?.detail ?? t("problem.unknown"));
  return (
    <Alert
      type="error"
      showIcon
      className="oops"
      title={<span dir="auto">{detail}</span>}
      description={
        (where || fix) && (
          <div dir="auto">
            {where && <div>{where}</div>}
            {fix && <div>{fix}</div>}
          </div>
        )
      }
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
    const problem = error instanceof ProblemError ? error.problem : null;
    const said = problem?.code === "unreachable" ? [t("problem.unreachable")] : [problem?.detail || t("problem.unknown"), problem?.fix as string | undefined];
    void message.error(<span dir="auto">{said.filter(Boolean).join(" ")}</span>);
  };
}
