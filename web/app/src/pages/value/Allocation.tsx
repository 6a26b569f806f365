// A budget between segments, by what spending on each was stated to bring.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, InputNumber, Select } from "antd";
import { useCallback } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useWorkspace } from "../../app/workspace";
import type { Drawing } from "../../parts/Chart";
import { Chart, axes } from "../../parts/Chart";
import { Oops } from "../../parts/Oops";
import { Answered, Figure, Figures, Nothing, Panel, Scroll } from "../../parts/Page";
import { useFormat } from "../../parts/format";

type Split = Schemas["allocate"];
interface Point {
  spent: number;
  profit: number;
}
interface Given {
  budget: number;
  responses: { segment: string; points: Point[] }[];
}
const POINT = { spent: null, profit: null };

export function Allocation() {
  const { t } = useLanguage();
  const last = useAnswer("/allocations");
  return (
    <Panel title={t("allocation.title")} about={t("allocation.about")}>
      <div className="columns">
        <Ask />
        <Answered of={last}>{({ latest }) => (latest ? <Shown of={latest} /> : <Nothing>{t("allocation.none")}</Nothing>)}</Answered>
      </div>
    </Panel>
  );
}

/** Saved segments and the groups of segmentations, to choose from. */
function useSets() {
  const { t } = useLanguage();
  const segments = useAnswer("/segments");
  const methods = useAnswer("/methods");
  const groups = methods.data?.methods.filter((each) => each.available && each.groups.length) ?? [];
  const options = [
    { label: t("nav.segments"), options: segments.data?.segments.map((each) => ({ value: each.name, label: each.label || each.name })) ?? [] },
    ...groups.map((each) => ({ label: each.label, options: each.groups.map((group) => ({ value: `${each.name}/${group.name}`, label: `${each.label}: ${group.label}` })) })),
  ];
  return { options, loading: segments.isLoading || methods.isLoading };
}

function Ask() {
  const { t } = useLanguage();
  const { currency } = useWorkspace();
  const { options, loading } = useSets();
  const split = useChange("post", "/allocations");
  const finish = ({ budget, responses }: Given) =>
    split.mutateAsync({ body: { budget_amount: budget, responses: Object.fromEntries(responses.map(({ segment, points }) => [segment, points.map(({ spent, profit }) => ({ spent, profit }))])) } });
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <Form layout="vertical" initialValues={{ responses: [{ points: [POINT] }] }} onFinish={(given: Given) => void finish(given).catch(() => undefined)}>
      <Form.Item name="budget" label={t("allocation.budget")} rules={needed}>
        <InputNumber min={0} max={1e15} style={{ width: 220 }} suffix={currency} />
      </Form.Item>
      <p className="muted small">{t("allocation.responses_about")}</p>
      <Form.List name="responses">
        {(fields, { add, remove }) => (
          <div className="stack tight">
            {fields.map((field) => (
              <div key={field.key} className="condition-card">
                <div className="row">
                  <Form.Item name={[field.name, "segment"]} rules={needed} className="response-of">
                    <Select aria-label={t("allocation.segment")} placeholder={t("allocation.segment")} loading={loading} showSearch={{ optionFilterProp: "label" }} options={options} />
                  </Form.Item>
                  {fields.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t("action.remove")} onClick={() => remove(field.name)} />}
                </div>
                <Points at={field.name} />
              </div>
            ))}
            <div className="row">
              <Button icon={<PlusOutlined />} onClick={() => add({ points: [POINT] })}>
                {t("allocation.add")}
              </Button>
              <span className="spring" />
              <Button type="primary" htmlType="submit" loading={split.isPending}>
                {t("allocation.split")}
              </Button>
            </div>
          </div>
        )}
      </Form.List>
      {split.error && <Oops error={split.error} />}
    </Form>
  );
}

function Points({ at }: { at: number }) {
  const { t } = useLanguage();
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <Form.List name={[at, "points"]}>
      {(points, { add, remove }) => (
        <>
          {points.map((point) => (
            <div key={point.key} className="row response-point">
              {(["spent", "profit"] as const).map((part) => (
                <Form.Item key={part} name={[point.name, part]} label={t(`allocation.${part}`)} rules={needed}>
                  <InputNumber min={part === "spent" ? 0.01 : undefined} style={{ width: 130 }} />
                </Form.Item>
              ))}
              {points.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t("action.remove")} onClick={() => remove(point.name)} />}
            </div>
          ))}
          <div>
            <Button type="link" size="small" className="more" onClick={() => add(POINT)}>
              {t("allocation.point")}
            </Button>
          </div>
        </>
      )}
    </Form.List>
  );
}

function Shown({ of }: { of: Split }) {
  const { t } = useLanguage();
  const format = useFormat();
  const labels = new Map(useSets().options.flatMap(({ options }) => options.map(({ value, label }) => [value, label])));
  return (
    <div className="stack">
      <Figures>
        <Figure label={t("allocation.spent")} value={format.money(of.spent_amount)} note={t("allocation.of", { budget: format.money(of.budget_amount) })} />
        <Figure label={t("allocation.net")} value={format.money(of.net_amount)} note={t("allocation.net_about")} />
        <Figure label={t("allocation.marginal")} value={format.money(of.marginal, 2)} note={t("allocation.marginal_about")} />
      </Figures>
      <Scroll label={t("allocation.title")}>
        <table className="plain">
          <thead>
            <tr>
              {["allocation.segment", "allocation.spent", "allocation.profit", "allocation.marginal"].map((key, place) => (
                <th key={key} scope="col" className={place ? "num" : ""}>
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.segments.map((each) => (
              <tr key={each.name}>
                <th scope="row" dir="auto">{labels.get(each.name) ?? each.name}</th>
                <td className="num">{format.money(each.spent_amount)}</td>
                <td className="num">{format.money(each.profit_amount)}</td>
                <td className="num">{format.money(each.marginal, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Curve of={of} />
    </div>
  );
}

function Curve({ of }: { of: Split }) {
  const { t } = useLanguage();
  const format = useFormat();
  const draw = useCallback(
    (drawing: Drawing) => {
      const { across, up, grid, tooltip } = axes(drawing);
      const money = { formatter: format.compactMoney };
      const { accent, low, muted, ink } = drawing.palette;
      return {
        grid: { ...grid, bottom: 24 },
        tooltip: { ...tooltip, trigger: "axis", formatter: ([point]: { value: number[] }[]) => t("allocation.curve_point", { budget: format.money(point?.value[0]), net: format.money(point?.value[1]) }) },
        xAxis: { type: "value", ...across, name: t("allocation.budget"), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: muted }, axisLabel: { ...across.axisLabel, ...money } },
        yAxis: { type: "value", ...up, axisLabel: { ...up.axisLabel, ...money } },
        series: [
          { type: "line", data: of.curve.map((each) => [each.budget_amount, each.net_amount]), symbolSize: 5, lineStyle: { width: 2 }, itemStyle: { color: accent }, areaStyle: { color: low } },
          { type: "line", data: [[of.spent_amount, of.net_amount]], symbolSize: 11, itemStyle: { color: ink } },
        ],
      };
    },
    [of, format, t],
  );
  const table = {
    head: [t("allocation.budget"), t("allocation.net")],
    rows: of.curve.map((each) => [format.money(each.budget_amount), format.money(each.net_amount)]),
  };
  return <Chart title={t("allocation.curve")} height={240} draw={draw} table={table} />;
}
