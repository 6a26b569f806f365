// How the size went, who came and who left, and why.
import { useCallback } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import type { Drawing } from "../../parts/Chart";
import { Chart, axes } from "../../parts/Chart";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";

type Point = Schemas["segments-history"]["points"][number];

export function History({ name }: { name: string }) {
  const { t } = useLanguage();
  const history = useAnswer("/segments/{name}/history", { path: { name } });
  return (
    <Answered of={history}>
      {({ points }) =>
        points.length < 2 ? (
          <Panel>
            <Nothing>{t("history.none")}</Nothing>
          </Panel>
        ) : (
          <div className="columns">
            <Size points={points} />
            <Moves points={points} />
          </div>
        )
      }
    </Answered>
  );
}

function Size({ points }: { points: Point[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      return {
        grid,
        tooltip: { ...tooltip, trigger: "axis", valueFormatter: (value: number) => format.number(value) },
        xAxis: { type: "category", data: points.map((each) => format.month(each.as_of)), boundaryGap: false, ...across },
        yAxis: { type: "value", ...up, axisLabel: { ...up.axisLabel, formatter: (value: number) => format.compact(value) } },
        series: [
          {
            type: "line",
            name: t("word.customers"),
            data: points.map((each) => each.customers),
            symbolSize: 6,
            lineStyle: { width: 2 },
            itemStyle: { color: drawing.palette.accent },
            areaStyle: { color: drawing.palette.low },
          },
        ],
      };
    },
    [points, format, t],
  );
  const table = {
    head: [t("word.day"), t("word.customers"), t("word.revenue")],
    rows: points.map((each) => [format.day(each.as_of), format.number(each.customers), format.money(each.revenue_amount)]),
  };
  return (
    <Panel title={t("history.size")}>
      <Chart title={t("history.size")} draw={draw} table={table} />
    </Panel>
  );
}

function Moves({ points }: { points: Point[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      const bar = (name: string, color: string, data: number[]) => ({ type: "bar", stack: "moves", name, data, barMaxWidth: 22, itemStyle: { color } });
      return {
        grid: { ...grid, top: 30 },
        legend: { top: 0, [drawing.rtl ? "right" : "left"]: 0, textStyle: { color: drawing.palette.muted }, itemHeight: 10, itemWidth: 10 },
        tooltip: { ...tooltip, trigger: "axis", valueFormatter: (value: number) => format.number(Math.abs(value)) },
        xAxis: { type: "category", data: points.slice(1).map((each) => format.month(each.as_of)), ...across },
        yAxis: { type: "value", ...up, axisLabel: { ...up.axisLabel, formatter: (value: number) => format.compact(Math.abs(value)) } },
        series: [
          bar(t("history.entered"), drawing.palette.accent, points.slice(1).map((each) => sum(each.entered))),
          bar(t("history.left"), drawing.palette.quiet, points.slice(1).map((each) => -sum(each.left))),
        ],
      };
    },
    [points, format, t],
  );
  const causes = (moved: Record<string, number | null>) =>
    Object.entries(moved)
      .map(([cause, count]) => `${t(`history.cause.${cause}`)} ${format.number(count)}`)
      .join(", ") || format.number(0);
  const table = {
    head: [t("word.day"), t("history.entered"), t("history.left")],
    rows: points.slice(1).map((each) => [format.day(each.as_of), causes(each.entered), causes(each.left)]),
  };
  return (
    <Panel title={t("history.moves")}>
      <Chart title={t("history.moves")} draw={draw} table={table} />
    </Panel>
  );
}

const sum = (moved: Record<string, number | null>) => Object.values(moved).reduce<number>((all, each) => all + (each ?? 0), 0);
