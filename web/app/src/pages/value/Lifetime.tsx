// What customers will still bring: by group where a model is fitted, else what to do for one.
import { Button, Progress } from "antd";
import { useCallback, useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Basis } from "../../parts/Basis";
import type { Drawing } from "../../parts/Chart";
import { Chart, axes } from "../../parts/Chart";
import type { Estimate } from "../../parts/Interval";
import { Oops } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { problemOf, useFollowed } from "../../parts/follow";
import { useFormat } from "../../parts/format";

type Valued = Schemas["value"];

export function Lifetime({ of }: { of: string }) {
  const { t } = useLanguage();
  const values = useAnswer("/values", { query: { of: [of] } }, { keep: true });
  return (
    <Panel title={t("clv.title")} about={t("clv.about")}>
      <Answered of={values}>
        {(found) =>
          found.segments.some((each) => each.clv) ? (
            <>
              <Bars of={found} />
              <Fitted />
              <Basis of={found} />
            </>
          ) : (
            <Fit />
          )
        }
      </Answered>
    </Panel>
  );
}

function Bars({ of }: { of: Valued }) {
  const { t } = useLanguage();
  const format = useFormat();
  const rows = of.segments;
  const value = (each: Valued["segments"][number]) => each.clv as Estimate | null;
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      return {
        grid,
        tooltip: { ...tooltip, formatter: ({ dataIndex }: { dataIndex: number }) => `${drawing.encode(rows[dataIndex]!.label)}: ${format.money(value(rows[dataIndex]!)?.value)}` },
        xAxis: { type: "value", ...across, splitLine: { lineStyle: { color: drawing.palette.line } }, axisLabel: { ...across.axisLabel, formatter: format.compactMoney } },
        yAxis: { type: "category", data: rows.map((each) => each.label), ...up, inverse: true, splitLine: { show: false } },
        series: [{ type: "bar", data: rows.map((each) => value(each)?.value ?? null), barMaxWidth: 16, itemStyle: { color: drawing.palette.accent, borderRadius: 3 } }],
      };
    },
    [rows, format],
  );
  const table = {
    head: [t("word.group"), t("word.customers"), t("worth.clv"), t("clv.low"), t("clv.high")],
    rows: rows.map((each) => [each.label, format.number(each.customers), ...(["value", "low", "high"] as const).map((end) => format.money(value(each)?.[end]))]),
    cells: rows.map(({ rule, label }) => ({ rule, label })),
  };
  return <Chart title={t("clv.title")} height={Math.max(180, rows.length * 34 + 50)} draw={draw} table={table} />;
}

function Fitted() {
  const { t } = useLanguage();
  const format = useFormat();
  const models = useAnswer("/models");
  const model = models.data?.models.find((each) => each.question === "clv" && each.scored_as_of);
  if (!model) return null;
  return <p className="muted small">{t("clv.fitted", { day: format.day(model.scored_as_of), days: format.number(model.horizon_days), name: model.label || model.name })}</p>;
}

function Fit() {
  const { t } = useLanguage();
  const { may } = useSession();
  const [number, setNumber] = useState<number>();
  const add = useChange("post", "/models");
  const run = useFollowed(number);
  const busy = add.isPending || (run !== undefined && ["waiting", "running"].includes(run.status));
  const start = () => add.mutateAsync({ body: { name: "clv", question: "clv" } as Schemas["Model"] }).then(({ id }) => setNumber(id));
  const failed = add.error ?? (run?.status === "failed" ? problemOf(run) : null);
  return (
    <>
      <Nothing
        action={
          may("define") && (
            <Button type="primary" loading={busy} onClick={() => void start().catch(() => undefined)}>
              {t("clv.fit")}
            </Button>
          )
        }
      >
        {t("clv.none")}
      </Nothing>
      {busy && run?.progress && <Progress percent={Math.round((run.progress.share_done ?? 0) * 100)} aria-label={run.progress.step} status="active" />}
      {failed && <Oops error={failed} />}
    </>
  );
}
