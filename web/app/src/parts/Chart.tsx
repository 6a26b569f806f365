// A chart, drawn as SVG, with the same numbers as a table a click away.
import { TableOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useMemo, useRef, useState } from "react";

import { useAppearance } from "../app/appearance";
import { useLanguage } from "../app/language";
import type { Cell } from "./Cells";
import { CellButton, useCell } from "./Cells";
import { DataTable } from "./DataTable";
import type { Palette } from "../app/theme";
import { FONT } from "../app/theme";

type Modules = typeof import("./echarts");
export interface Drawing {
  palette: Palette;
  rtl: boolean;
  encode: (text: string) => string;
}
export interface AsTable {
  head: string[];
  rows: (string | number)[][];
  /** Whom each row counts, where it can be said. */
  cells?: (Cell | null)[];
}
interface ChartProps {
  /** What the chart shows, for who cannot see it. */
  title: string;
  height?: number;
  draw: (drawing: Drawing) => EChartsCoreOption;
  table: AsTable;
  /** The cell behind a part that was clicked; without it, that of the row at the part's place. */
  pick?: (item: Picked) => Cell | null | undefined;
}
export interface Picked {
  dataIndex: number;
  dataType?: string;
  seriesIndex?: number;
  data: unknown;
  name: string;
}

let modules: Promise<Modules> | undefined;

export function Chart({ title, height = 280, draw, table, pick = ({ dataIndex }) => table.cells?.[dataIndex] }: ChartProps) {
  const { t } = useLanguage();
  const open = useCell();
  const saves = table.cells?.some((cell) => cell?.rule || cell?.moved);
  const onPick = (item: Picked) => {
    const cell = pick(item);
    if (cell?.rule || cell?.moved) open(cell);
  };
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart" style={{ margin: 0 }}>
      {asTable ? <ChartTable table={table} title={title} /> : <Picture {...{ title, height, draw, onPick }} />}
      <div className="chart-tools">
        {saves && <span className="muted small">{t("chart.cells")}</span>}
        <span className="spring" />
        <Button size="small" type="text" icon={<TableOutlined />} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "chart.as_chart" : "chart.as_table")}
        </Button>
      </div>
    </figure>
  );
}

interface PictureProps extends Pick<ChartProps, "title" | "height" | "draw"> {
  onPick: (item: Picked) => void;
}

function Picture({ title, height = 280, draw, onPick }: PictureProps) {
  const { palette } = useAppearance();
  const { rtl } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const [loaded, setLoaded] = useState<Modules>();
  const picked = useRef(onPick);
  picked.current = onPick;
  useEffect(() => {
    void (modules ??= import("./echarts")).then(setLoaded);
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!loaded || !element) return;
    const made = loaded.init(element, undefined, { renderer: "svg" });
    chart.current = made;
    made.on("finished", () => {
      element.dataset.ready = "yes";
    });
    made.on("click", (item) => picked.current(item as never));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [loaded]);
  useEffect(() => {
    if (!loaded || !chart.current) return;
    const common = {
      animation: false,
      aria: { enabled: true, label: { description: title } },
      textStyle: { fontFamily: FONT, color: palette.ink },
    };
    chart.current.setOption({ ...common, ...draw({ palette, rtl, encode: loaded.encode }) }, { notMerge: true });
  }, [loaded, palette, rtl, draw, title]);
  return (
    <>
      {!loaded && <Skeleton.Node active style={{ width: "100%", height }} />}
      <div
        ref={box}
        dir="ltr"
        className="chart-box"
        role="img"
        aria-label={title}
        data-chart
        style={{ height, display: loaded ? "block" : "none" }}
      />
    </>
  );
}

export function ChartTable({ table, title }: { table: AsTable; title: string }) {
  const columns = useMemo(
    () =>
      table.head.map((name, place) => ({
        title: name,
        key: place,
        dataIndex: place,
        align: place ? ("end" as const) : ("start" as const),
        render: place ? undefined : (text: string | number, row: { cell: Cell | null }) => <CellButton cell={row.cell}>{text}</CellButton>,
      })),
    [table.head],
  );
  const rows = table.rows.map((row, key) => ({ ...row, key, cell: table.cells?.[key] ?? null }));
  return (
    <DataTable
      label={title}
      size="small"
      columns={columns}
      dataSource={rows}
      pagination={rows.length > 12 ? { pageSize: 12, showSizeChanger: false, size: "small" } : false}
    />
  );
}

/** What every chart with axes shares: quiet lines, mirrored where people read from right to left. */
export function axes({ palette, rtl }: Drawing) {
  const label = { color: palette.muted, fontSize: 11.5 };
  return {
    across: { inverse: rtl, axisLine: { lineStyle: { color: palette.line } }, axisTick: { show: false }, axisLabel: label, splitLine: { show: false } },
    up: { position: rtl ? "right" : "left", axisLine: { show: false }, axisTick: { show: false }, axisLabel: label, splitLine: { lineStyle: { color: palette.line } } },
    grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      backgroundColor: palette.paper,
      borderColor: palette.line,
      padding: [8, 12],
      textStyle: { color: palette.ink, fontSize: 12.5 },
      extraCssText: `box-shadow: 0 4px 16px rgba(0,0,0,.14); border-radius: 8px; direction: ${rtl ? "rtl" : "ltr"};`,
      confine: true,
    },
  };
}
