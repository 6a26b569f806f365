// What customers are worth: who comes back, and what each group brings.
import { Segmented, Select } from "antd";
import { useCallback, useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useAppearance } from "../app/appearance";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { Basis } from "../parts/Basis";
import type { Drawing, Picked } from "../parts/Chart";
import { CellButton } from "../parts/Cells";
import { Chart, axes } from "../parts/Chart";
import { Interval } from "../parts/Interval";
import { Answered, Nothing, Page, Panel, Scroll } from "../parts/Page";
import { useCustomers } from "../parts/count";
import { heat } from "../parts/heat";
import { useFormat } from "../parts/format";
import { Allocation } from "./value/Allocation";
import { Lifetime } from "./value/Lifetime";
import { Upcoming } from "./value/Upcoming";

type Cohorts = Schemas["cohorts"];
type Valued = Schemas["value"];

export function Value() {
  const { t } = useLanguage();
  const { may } = useSession();
  const [by, setBy] = useState("rfm");
  const list = useAnswer("/segmentations");
  const values = useAnswer("/values", { query: { of: [by] } }, { keep: true });
  const ready = list.data?.segmentations.filter((each) => !each.locked_by) ?? [];
  return (
    <Page title={t("nav.value")} about={t("value.about")}>
      <Panel
        title={t("value.groups")}
        about={t("value.groups_about")}
        extra={
          <Select
            aria-label={t("lifecycle.which")}
            value={by}
            onChange={setBy}
            style={{ minWidth: 220 }}
            showSearch={{ optionFilterProp: "label" }}
            options={ready.map((each) => ({ value: each.name, label: each.label }))}
          />
        }
      >
        <Answered of={values}>
          {(found) => (
            <>
              <Pareto of={found} />
              <Groups of={found} />
              <Basis of={found} />
            </>
          )}
        </Answered>
      </Panel>
      <Lifetime of={by} />
      <Upcoming of={by} known={ready.some(({ name }) => name === "main_category")} />
      <Retention />
      {may("define") && <Allocation />}
    </Page>
  );
}

function Pareto({ of }: { of: Valued }) {
  const { t } = useLanguage();
  const format = useFormat();
  const rows = of.segments.filter((each) => each.customers).toSorted((a, b) => perCustomer(b) - perCustomer(a));
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      let [people, money] = [0, 0];
      const points = [[0, 0], ...rows.map((each) => [(people += each.customer_share ?? 0), (money += each.revenue_share.value ?? 0)])];
      const shareAxis = { type: "value", min: 0, max: 1 };
      const written = { formatter: (value: number) => format.share(value, 0) };
      return {
        grid: { ...grid, bottom: 24 },
        tooltip: {
          ...tooltip,
          trigger: "item",
          formatter: ({ dataIndex, value }: { dataIndex: number; value: number[] }) =>
            `${drawing.encode(rows[dataIndex - 1]?.label ?? "")} ${t("value.pareto_point", { people: format.share(value[0]), money: format.share(value[1]) })}`,
        },
        xAxis: { ...shareAxis, ...across, name: t("word.share_customers"), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: drawing.palette.muted }, axisLabel: { ...across.axisLabel, ...written } },
        yAxis: { ...shareAxis, ...up, axisLabel: { ...up.axisLabel, ...written } },
        series: [
          { type: "line", data: points, symbolSize: 8, lineStyle: { width: 2 }, itemStyle: { color: drawing.palette.accent }, areaStyle: { color: drawing.palette.low } },
          { type: "line", data: [[0, 0], [1, 1]], symbol: "none", silent: true, lineStyle: { width: 1, type: "dashed", color: drawing.palette.quiet } },
        ],
      };
    },
    [rows, format, t],
  );
  const table = {
    head: [t("word.group"), t("word.share_customers"), t("word.share_revenue")],
    rows: rows.map((each) => [each.label, format.share(each.customer_share), format.share(each.revenue_share.value)]),
    cells: rows.map(({ rule, label }) => ({ rule, label })),
  };
  const pick = ({ dataIndex }: Picked) => table.cells[dataIndex - 1];
  return <Chart title={t("value.pareto")} height={260} draw={draw} table={table} pick={pick} />;
}

function Groups({ of }: { of: Valued }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <Scroll label={t("value.groups")}>
      <table className="plain">
        <thead>
          <tr>
            {["word.group", "word.customers", "word.revenue", "worth.revenue_share", "worth.revenue_per_customer", "worth.order_value", "worth.retention", "worth.clv"].map((key, place) => (
              <th key={key} scope="col" className={place ? "num" : ""}>
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.segments.map((each) => (
            <tr key={each.name}>
              <th scope="row" dir="auto">
                {each.label}
              </th>
              <td className="num">
                <CellButton cell={{ rule: each.rule, label: each.label }}>{format.number(each.customers)}</CellButton>
              </td>
              <td className="num">{format.compactMoney(each.revenue_amount)}</td>
              <td className="num"><Interval of={each.revenue_share} write={format.share} /></td>
              <td className="num"><Interval of={each.revenue_per_customer} write={format.money} /></td>
              <td className="num"><Interval of={each.order_value} write={(value) => format.money(value, 2)} /></td>
              <td className="num"><Interval of={each.retention} write={format.share} /></td>
              <td className="num"><Interval of={each.clv as never} write={format.money} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Retention() {
  const { t } = useLanguage();
  const [period, setPeriod] = useState<Cohorts["period"]>("month");
  const cohorts = useAnswer("/cohorts", { query: { period } }, { keep: true });
  return (
    <Panel
      title={t("value.cohorts")}
      about={t("value.cohorts_about")}
      extra={
        <Segmented<Cohorts["period"]>
          aria-label={t("value.period")}
          value={period}
          onChange={setPeriod}
          options={(["month", "quarter"] as const).map((value) => ({ value, label: t(`value.${value}`) }))}
        />
      }
    >
      <Answered of={cohorts}>{(found) => (found.cohorts.length ? <Heat of={found} /> : <Nothing>{t("value.no_cohorts")}</Nothing>)}</Answered>
    </Panel>
  );
}

function Heat({ of }: { of: Cohorts }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { palette } = useAppearance();
  const customers = useCustomers();
  const rows = of.cohorts.filter((each) => each.customers);
  const ages = Math.max(...rows.map((each) => each.cells.length));
  const name = (text: string) => (of.period === "month" ? format.month(text) : text);
  return (
    <Scroll label={t("value.cohorts")}>
      <table className="grid cohorts" aria-label={t("value.cohorts")}>
        <thead>
          <tr>
            <th scope="col">{t("value.cohort")}</th>
            <th scope="col">{t("word.customers")}</th>
            {Array.from({ length: ages - 1 }, (_, age) => (
              <th key={age} scope="col">
                {format.number(age + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                {name(row.name)}
                {row.from_start && <abbr title={t("value.from_start")}>*</abbr>}
              </th>
              <td>
                <CellButton cell={{ rule: row.rule, label: t("value.cohort_label", { period: name(row.name) }) }}>{format.number(row.customers)}</CellButton>
              </td>
              {row.cells.slice(1).map((cell) => {
                const share = cell.retention.value;
                const label = t("value.cell_label", { period: name(row.name), age: cell.age });
                return (
                  <td key={cell.age}>
                    <CellButton
                      cell={{ rule: cell.rule, label }}
                      className={`heat ${cell.complete ? "" : "open"}`}
                      style={heat(palette, share ?? 0)}
                      said={`${label}: ${customers(cell.bought)} · ${format.share(share, 0)}`}
                    >
                      {format.share(share, 0)}
                    </CellButton>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">{t("value.open_about")}</p>
    </Scroll>
  );
}

const perCustomer = (of: Valued["segments"][number]) => (of.revenue_amount ?? 0) / Math.max(of.customers ?? 0, 1);
