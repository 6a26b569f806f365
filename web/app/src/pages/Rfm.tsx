// Recency, frequency, money: the grid, its groups as areas, and cells to save as a segment.
import { SaveOutlined } from "@ant-design/icons";
import { Button, Segmented, Select } from "antd";
import { useCallback, useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer, usePosted } from "../api/hooks";
import { useAppearance } from "../app/appearance";
import { useLanguage } from "../app/language";
import { Basis } from "../parts/Basis";
import type { Drawing, Picked } from "../parts/Chart";
import { useCell } from "../parts/Cells";
import { Chart } from "../parts/Chart";
import { Answered, Nothing, Page, Panel, Scroll } from "../parts/Page";
import { Playbooks } from "../parts/Playbooks";
import { useCustomers } from "../parts/count";
import { heat, inkOn } from "../parts/heat";
import { useFormat } from "../parts/format";
import { GroupBars } from "./Overview";

type Grid = Schemas["rfm-grid"];
type Cell = Grid["cells"][number];
type Measured = "customers" | "revenue_amount" | "mean_revenue_amount";

export function Rfm() {
  const { t } = useLanguage();
  const grid = useAnswer("/segmentations/rfm/grid");
  const [scheme, setScheme] = useState("rfm");
  return (
    <Page title={t("nav.rfm")} about={t("rfm.about")}>
      <Answered of={grid} rows={8}>
        {(found) =>
          found.cells.length === 0 ? (
            <Panel>
              <Nothing>{t("rfm.none")}</Nothing>
            </Panel>
          ) : (
            <>
              <div className="columns rfm-columns">
                <GridPanel grid={found} />
                <Scores grid={found} />
              </div>
              <Groups scheme={scheme} onScheme={setScheme} />
              <Playbooks segmentation={scheme} />
              <Basis of={found} />
            </>
          )
        }
      </Answered>
    </Page>
  );
}

function GridPanel({ grid }: { grid: Grid }) {
  const { t } = useLanguage();
  const open = useCell();
  const [measured, setMeasured] = useState<Measured>("customers");
  const [picked, setPicked] = useState<string[]>([]);
  const toggle = (cell: Cell) =>
    setPicked((before) => (before.includes(cell.rule) ? before.filter((each) => each !== cell.rule) : [...before, cell.rule]));
  const chosen = grid.cells.filter((cell) => picked.includes(cell.rule));
  const many = chosen.reduce((all, cell) => all + (cell.customers ?? 0), 0);
  const all = usePosted("/rules/any", { body: { texts: chosen.map((cell) => cell.rule) } }, { enabled: chosen.length > 0 });
  const rule = chosen.length && !all.isPlaceholderData ? all.data?.text : null;
  return (
    <Panel
      title={t("rfm.grid")}
      about={t("rfm.grid_about")}
      extra={
        <Select<Measured>
          aria-label={t("rfm.measured")}
          value={measured}
          onChange={setMeasured}
          popupMatchSelectWidth={false}
          options={(["customers", "revenue_amount", "mean_revenue_amount"] as const).map((value) => ({ value, label: t(`rfm.${value}`) }))}
        />
      }
    >
      <GridTable {...{ grid, measured, picked, toggle }} />
      <div className="row grid-foot">
        <span className="muted" aria-live="polite">
          {chosen.length ? t("rfm.chosen", { cells: chosen.length, customers: t("word.customers_count", { count: many }) }) : t("rfm.choose")}
        </span>
        <span className="spring" />
        {chosen.length > 0 && <Button onClick={() => setPicked([])}>{t("rfm.clear")}</Button>}
        <Button type="primary" icon={<SaveOutlined />} disabled={!rule} onClick={() => open({ rule })}>
          {t("save.as_segment")}
        </Button>
      </div>
    </Panel>
  );
}

interface GridProps {
  grid: Grid;
  measured: Measured;
  picked: string[];
  toggle: (cell: Cell) => void;
}

function GridTable({ grid, measured, picked, toggle }: GridProps) {
  const { t } = useLanguage();
  const format = useFormat();
  const { palette } = useAppearance();
  const customers = useCustomers();
  const scores = Array.from({ length: grid.bins }, (_, place) => place + 1);
  const most = Math.max(...grid.cells.map((cell) => cell[measured] ?? 0));
  const write = measured === "customers" ? format.compact : format.compactMoney;
  return (
    <Scroll label={t("rfm.grid")}>
      <table className="grid" aria-label={t("rfm.grid")}>
        <tbody>
          {scores.toReversed().map((f) => (
            <tr key={f}>
              <th scope="row">
                <abbr title={t("rfm.frequency_score", { score: f })}>F{format.number(f)}</abbr>
              </th>
              {scores.map((r) => {
                const cell = grid.cells.find((each) => each.r_score === r && each.f_score === f);
                if (!cell) return <td key={r} />;
                const share = most ? (cell[measured] ?? 0) / most : 0;
                const on = picked.includes(cell.rule);
                return (
                  <td key={r}>
                    <button
                      type="button"
                      className={`cell ${on ? "on" : ""}`}
                      style={heat(palette, 0.08 + share * 0.92)}
                      aria-pressed={on}
                      aria-label={t("rfm.cell", { r, f, customers: customers(cell.customers), money: format.money(cell.revenue_amount) })}
                      onClick={() => toggle(cell)}
                    >
                      {write(cell[measured])}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            {scores.map((r) => (
              <th key={r} scope="col">
                <abbr title={t("rfm.recency_score", { score: r })}>R{format.number(r)}</abbr>
              </th>
            ))}
          </tr>
        </tfoot>
      </table>
    </Scroll>
  );
}

function Scores({ grid }: { grid: Grid }) {
  const { t } = useLanguage();
  const format = useFormat();
  type Range = { low: number | null; high: number | null } | null;
  const range = (of: Range, write: (value: number) => string) =>
    of === null || of.low === null || of.high === null ? "–" : of.low === of.high ? write(of.low) : t("rfm.range", { low: write(of.low), high: write(of.high) });
  return (
    <Panel title={t("rfm.scores")} about={t("rfm.scores_about")}>
      <Scroll label={t("rfm.scores")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("rfm.score")}</th>
              <th scope="col" className="num">{t("word.recency")}</th>
              <th scope="col" className="num">{t("word.frequency")}</th>
              <th scope="col" className="num">{t("word.monetary")}</th>
            </tr>
          </thead>
          <tbody>
            {grid.scores.map((each) => (
              <tr key={each.score}>
                <th scope="row">{format.number(each.score)}</th>
                <td className="num">{range(each.recency_days, (value) => format.number(value))}</td>
                <td className="num">{range(each.frequency, (value) => format.number(value))}</td>
                <td className="num">{range(each.monetary_amount, (value) => format.money(value))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Groups({ scheme, onScheme }: { scheme: string; onScheme: (scheme: string) => void }) {
  const { t } = useLanguage();
  const division = useAnswer("/segmentations/{name}", { path: { name: scheme } }, { keep: true });
  return (
    <Panel
      title={t("rfm.groups")}
      about={t("rfm.groups_about")}
      extra={
        <Segmented
          aria-label={t("rfm.scheme")}
          value={scheme}
          onChange={onScheme}
          options={[
            { value: "rfm", label: t("rfm.five") },
            { value: "rfm_eleven", label: t("rfm.eleven") },
          ]}
        />
      }
    >
      <Answered of={division}>
        {(found) => (
          <div className="columns">
            <Areas of={found} />
            <div>
              <GroupBars groups={found.groups} height={found.groups.length > 6 ? 420 : 280} />
              {found.reasons.map((reason) => (
                <p key={reason} className="muted small" dir="auto">
                  {reason}
                </p>
              ))}
            </div>
          </div>
        )}
      </Answered>
    </Panel>
  );
}

function Areas({ of }: { of: Schemas["groups"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const draw = useCallback(
    (drawing: Drawing) => ({
      tooltip: {
        backgroundColor: drawing.palette.paper,
        textStyle: { color: drawing.palette.ink, fontSize: 12.5 },
        borderColor: drawing.palette.line,
        formatter: ({ name, value }: { name: string; value: number }) => `${drawing.encode(name)}: ${format.number(value)}`,
      },
      series: [
        {
          type: "treemap",
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          width: "100%",
          height: "100%",
          top: 0,
          left: 0,
          itemStyle: { borderColor: drawing.palette.paper, borderWidth: 2, gapWidth: 2 },
          label: { fontSize: 13, fontWeight: 600, overflow: "truncate" },
          labelLayout: ({ rect }: { rect: { width: number; height: number } }) => ({ fontSize: rect.width < 56 || rect.height < 26 ? 0 : 13 }),
          data: of.groups.filter((group) => group.customers).map((group, place) => ({
            name: group.label,
            value: group.customers,
            place: of.groups.indexOf(group),
            itemStyle: { color: colour(drawing, place) },
            label: { color: inkOn(drawing.palette, colour(drawing, place)) },
          })),
        },
      ],
    }),
    [of, format],
  );
  const table = {
    head: [t("word.group"), t("word.customers"), t("word.revenue")],
    rows: of.groups.map((each) => [each.label, format.number(each.customers), format.money(each.revenue_amount)]),
    cells: of.groups.map(({ rule, label }) => ({ rule, label })),
  };
  const pick = ({ data }: Picked) => table.cells[(data as { place: number }).place];
  return <Chart title={t("rfm.areas")} height={of.groups.length > 6 ? 420 : 280} draw={draw} table={table} pick={pick} />;
}

const colour = ({ palette }: Drawing, place: number) => palette.groups[place % palette.groups.length]!;
