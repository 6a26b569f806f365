// A figure with its interval, or why there is none.
import { Tooltip } from "antd";

import { useLanguage } from "../app/language";
import { apart } from "./format";

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  reason: string | null;
}

export function Interval({ of, write }: { of: Estimate | null | undefined; write: (value: number | null) => string }) {
  const { t } = useLanguage();
  if (!of || of.value === null) return <span className="muted">{t("estimate.none")}</span>;
  if (of.low === null || of.high === null) {
    return (
      <Tooltip title={of.reason ? t(`estimate.${of.reason}`) : undefined}>
        <span>{write(of.value)}</span>
      </Tooltip>
    );
  }
  return (
    <Tooltip title={t("estimate.interval", { low: write(of.low), high: write(of.high) })}>
      <span className="interval">
        {write(of.value)}
        <small className="muted">{t("estimate.span", { low: apart(write(of.low)), high: apart(write(of.high)) })}</small>
      </span>
    </Tooltip>
  );
}
