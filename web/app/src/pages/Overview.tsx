// The shop at a glance: how many, how much, how far to trust it, what moved since last time.
import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useCallback } from "react";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useGo } from "../app/address";
import { useLanguage } from "../app/language";
import { useWorkspace } from "../app/workspace";
import type { Drawing } from "../parts/Chart";
import { Chart, axes } from "../parts/Chart";
import { Link } from "../parts/Link";
import { Answered, Figure, Figures, Nothing, Page, Panel } from "../parts/Page";
import { Sparkline } from "../parts/Sparkline";
import { useFormat } from "../parts/format";

type Group = Schemas["groups"]["groups"][number];
type Row = Schemas["segments-list"]["segments"][number];

export function Overview() {
  const { t } = useLanguage();
  const go = useGo();
  const workspace = useWorkspace();
  if (!workspace.as_of) {
    return (
      <Page title={t("nav.overview")}>
        <Panel>
          <Nothing
            action={
              <Button type="primary" icon={<UploadOutlined />} onClick={() => go("/data/import")}>
                {t("overview.load")}
              </Button>
            }
          >
            {t("overview.empty")}
          </Nothing>
        </Panel>
      </Page>
    );
  }
  return (
    <Page
      title={t("nav.overview")}
      about={t("overview.about", { name: workspace.name })}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => go("/builder")}>
          {t("segments.new")}
        </Button>
      }
    >
      <Base />
      <div className="columns">
        <Groups />
        <Moved />
      </div>
    </Page>
  );
}

function Base() {
  const { t } = useLanguage();
  const format = useFormat();
  const workspace = useWorkspace();
  const rfm = useAnswer("/segmentations/{name}", { path: { name: "rfm" } });
  const customers = rfm.data?.customers;
  const revenue = rfm.data?.groups.reduce((all, each) => all + (each.revenue_amount ?? 0), 0);
  return (
    <Answered of={rfm} rows={1}>
      {() => (
        <Figures>
          <Figure label={t("overview.buyers")} value={format.number(customers)} />
          <Figure label={t("word.revenue")} value={format.compactMoney(revenue)} />
          <Figure label={t("segments.per_customer")} value={format.money(customers ? (revenue ?? 0) / customers : null)} />
          <Figure
            label={t("overview.trust")}
            value={format.number(workspace.trust)}
            note={<Link to="/data">{t("overview.checks")}</Link>}
          />
          <Figure
            label={t("overview.refreshed")}
            value={<span className="figure-day">{format.day(workspace.refreshed_as_of)}</span>}
            note={<Link to="/runs">{t("nav.runs")}</Link>}
          />
        </Figures>
      )}
    </Answered>
  );
}

function Groups() {
  const { t } = useLanguage();
  const rfm = useAnswer("/segmentations/{name}", { path: { name: "rfm" } });
  return (
    <Panel title={t("overview.groups")} about={t("overview.groups_about")} extra={<Link to="/rfm">{t("overview.to_rfm")}</Link>}>
      <Answered of={rfm}>{({ groups }) => <GroupBars groups={groups} />}</Answered>
    </Panel>
  );
}

/** Share of customers against share of money, group by group. */
export function GroupBars({ groups, height = 260 }: { groups: Group[]; height?: number }) {
  const { t } = useLanguage();
  const format = useFormat();
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      const bar = (name: string, color: string, data: (number | null)[]) => ({ type: "bar", name, data, barMaxWidth: 12, itemStyle: { color, borderRadius: 3 } });
      return {
        grid: { ...grid, top: 30 },
        legend: { top: 0, [drawing.rtl ? "right" : "left"]: 0, textStyle: { color: drawing.palette.muted }, itemHeight: 10, itemWidth: 10 },
        tooltip: { ...tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value: number) => format.share(value) },
        xAxis: { type: "value", ...across, splitLine: { lineStyle: { color: drawing.palette.line } }, axisLabel: { ...across.axisLabel, formatter: (value: number) => format.share(value, 0) } },
        yAxis: { type: "category", data: groups.map((each) => each.label), ...up, inverse: true, splitLine: { show: false } },
        series: [
          bar(t("word.share_customers"), drawing.palette.quiet, groups.map((each) => each.customer_share)),
          bar(t("word.share_revenue"), drawing.palette.accent, groups.map((each) => each.revenue_share)),
        ],
      };
    },
    [groups, format, t],
  );
  const table = {
    head: [t("word.group"), t("word.customers"), t("word.share_customers"), t("word.revenue"), t("word.share_revenue")],
    rows: groups.map((each) => [
      each.label,
      format.number(each.customers),
      format.share(each.customer_share),
      format.money(each.revenue_amount),
      format.share(each.revenue_share),
    ]),
    cells: groups.map(({ rule, label }) => ({ rule, label })),
  };
  return <Chart title={t("overview.groups")} height={height} draw={draw} table={table} />;
}

function Moved() {
  const { t } = useLanguage();
  const list = useAnswer("/segments");
  return (
    <Panel title={t("overview.moved")} about={t("overview.moved_about")} extra={<Link to="/segments">{t("nav.segments")}</Link>}>
      <Answered of={list}>
        {({ segments }) => {
          const moved = segments.filter((each) => each.trend.length > 1).sort((a, b) => Math.abs(step(b)) - Math.abs(step(a)));
          if (!moved.length) return <Nothing>{t("overview.moved_none")}</Nothing>;
          return (
            <ul className="list">
              {moved.slice(0, 7).map((each) => (
                <MovedOne key={each.name} of={each} />
              ))}
            </ul>
          );
        }}
      </Answered>
    </Panel>
  );
}

function MovedOne({ of }: { of: Row }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <li>
      <Link to={`/segments/${of.name}`} dir="auto">
        {of.label || of.name}
      </Link>
      <span className="spring" />
      <Sparkline values={of.trend.map((each) => each.customers)} label={t("segments.trend")} />
      <span className="num moved-number">
        {format.number(of.customers)}{" "}
        <span className="muted" dir="ltr">
          {format.change(step(of))}
        </span>
      </span>
    </li>
  );
}

const step = (row: Row) => (row.trend.at(-1)?.customers ?? 0) - (row.trend.at(-2)?.customers ?? 0);
