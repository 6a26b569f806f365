// The stages of a customer's life, and how customers moved between them from month to month.
import { Select } from "antd";
import { useCallback } from "react";
import { useSearchParams } from "react-router";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useLanguage } from "../app/language";
import { Basis } from "../parts/Basis";
import type { Drawing, Picked } from "../parts/Chart";
import type { Cell } from "../parts/Cells";
import { CellButton } from "../parts/Cells";
import { Chart } from "../parts/Chart";
import { Interval } from "../parts/Interval";
import { Answered, Nothing, Page, Panel, Scroll } from "../parts/Page";
import { Playbooks } from "../parts/Playbooks";
import { useFormat } from "../parts/format";
import { GroupBars } from "./Overview";

type Migration = Schemas["migration"];
const STEPS = 4;

export function Lifecycle() {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const name = search.get("by") ?? "lifecycle";
  const setName = (next: string) =>
    setSearch((before) => {
      const kept = new URLSearchParams(before);
      kept.set("by", next);
      return kept;
    });
  const list = useAnswer("/segmentations");
  const division = useAnswer("/segmentations/{name}", { path: { name } }, { keep: true });
  const migration = useAnswer("/migrations/{name}", { path: { name } }, { keep: true });
  const ready = list.data?.segmentations.filter((each) => !each.locked_by) ?? [];
  return (
    <Page
      title={t("nav.lifecycle")}
      about={t("lifecycle.about")}
      actions={
        <Select
          aria-label={t("lifecycle.which")}
          value={name}
          onChange={setName}
          style={{ minWidth: 220 }}
          showSearch={{ optionFilterProp: "label" }}
          options={ready.map((each) => ({ value: each.name, label: each.label }))}
        />
      }
    >
      <Panel title={t("lifecycle.now")}>
        <Answered of={division}>{({ groups }) => <GroupBars groups={groups} height={Math.max(240, groups.length * 44 + 60)} />}</Answered>
      </Panel>
      <Answered of={migration} rows={8}>
        {(found) =>
          found.points.length < 2 ? (
            <Panel>
              <Nothing>{t("lifecycle.none")}</Nothing>
            </Panel>
          ) : (
            <>
              <Panel title={t("lifecycle.moves")} about={t("lifecycle.moves_about")}>
                <Flow of={found} />
              </Panel>
              <Stayed of={found} />
              <Basis of={found} />
            </>
          )
        }
      </Answered>
      <Playbooks segmentation={name} />
    </Page>
  );
}

function Flow({ of }: { of: Migration }) {
  const { t } = useLanguage();
  const format = useFormat();
  const first = Math.max(0, of.points.length - 1 - STEPS);
  const draw = useCallback(
    ({ palette, rtl, encode }: Drawing) => {
      const label = new Map(of.groups.map((group) => [group.name, group.label]));
      const place = new Map(of.groups.map((group, index) => [group.name, index]));
      const moves = of.moves.filter((move) => move.step >= first && move.before && move.after && move.customers);
      const node = (point: number, group: string) => `${point}:${group}`;
      const names = new Set(moves.flatMap((move) => [node(move.step, move.before!), node(move.step + 1, move.after!)]));
      const parts = (name: string): [number, string] => [Number(name.slice(0, name.indexOf(":"))), name.slice(name.indexOf(":") + 1)];
      const text = (name: string) => label.get(parts(name)[1]) ?? parts(name)[1];
      const last = of.points.length - 1;
      return {
        tooltip: {
          backgroundColor: palette.paper,
          borderColor: palette.line,
          textStyle: { color: palette.ink, fontSize: 12.5 },
          formatter: ({ data, name, value }: { data: { source?: string; target?: string }; name: string; value: number }) => {
            const [from, to] = rtl ? [data.target, data.source] : [data.source, data.target];
            if (!from || !to) return `${encode(text(name))}, ${encode(format.month(of.points[parts(name)[0]]))}: ${format.number(value)}`;
            return `${encode(text(from))} → ${encode(text(to))}: ${format.number(value)}`;
          },
        },
        series: [
          {
            type: "sankey",
            left: 8,
            right: 110,
            top: 8,
            bottom: 8,
            nodeWidth: 10,
            nodeGap: 12,
            draggable: false,
            layoutIterations: 0,
            emphasis: { focus: "adjacency" },
            lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
            label: { color: palette.ink, fontSize: 12, formatter: ({ name }: { name: string }) => (parts(name)[0] === (rtl ? first : last) || parts(name)[0] === (rtl ? last : first) ? text(name) : "") },
            data: [...names].map((name) => ({
              name,
              depth: rtl ? last - parts(name)[0] : parts(name)[0] - first,
              itemStyle: { color: palette.groups[(place.get(parts(name)[1]) ?? 0) % palette.groups.length], borderWidth: 0 },
            })),
            links: moves.map((move) => {
              const [from, to] = [node(move.step, move.before!), node(move.step + 1, move.after!)];
              return { source: rtl ? to : from, target: rtl ? from : to, value: move.customers, move: of.moves.indexOf(move) };
            }),
          },
        ],
      };
    },
    [of, first, format],
  );
  const cellOf = useMove(of);
  const shown = of.moves.filter((move) => move.step >= first);
  const pick = ({ dataType, data }: Picked) => {
    const found = data as { source?: string; target?: string; move?: number; name?: string };
    if (dataType === "edge") return cellOf(of.moves[found.move!]!);
    return null;
  };
  const label = new Map(of.groups.map((group) => [group.name, group.label]));
  const table = {
    head: [t("word.day"), t("lifecycle.from"), t("lifecycle.to"), t("word.customers")],
    cells: shown.map(cellOf),
    rows: shown.map((move) => [
        format.month(of.points[move.step + 1]),
        (move.before && label.get(move.before)) ?? t("lifecycle.no_group"),
        (move.after && label.get(move.after)) ?? t("lifecycle.no_group"),
        format.number(move.customers),
      ]),
  };
  return (
    <>
      <p className="muted small months">
        {of.points.slice(first).map((point) => (
          <span key={point}>{format.month(point)}</span>
        ))}
      </p>
      <Chart title={t("lifecycle.moves")} height={440} draw={draw} table={table} pick={pick} />
    </>
  );
}

type Move = Migration["moves"][number];

/** The cell of a move: those who made it, as was recorded. */
function useMove(of: Migration): (move: Move) => Cell {
  const { t } = useLanguage();
  const format = useFormat();
  const label = new Map(of.groups.map((group) => [group.name, group.label]));
  const named = (group: string | null) => (group === null ? t("lifecycle.no_group") : (label.get(group) ?? group));
  return ({ step, before, after, customers }) => {
    const [start, end] = [of.points[step]!, of.points[step + 1]!];
    const said = t("lifecycle.move", { before: named(before), after: named(after), start: format.day(start), end: format.day(end) });
    return { moved: { segmentation: of.name, move: { before, after, start, end }, customers, said } };
  };
}

function Stayed({ of }: { of: Migration }) {
  const { t } = useLanguage();
  const format = useFormat();
  const label = new Map(of.groups.map((group) => [group.name, group.label]));
  const cellOf = useMove(of);
  const last = of.moves.filter((move) => move.step === of.points.length - 2);
  const stayed = (group: string) => {
    const move = last.find((each) => each.before === group && each.after === group);
    return move ? cellOf(move) : null;
  };
  return (
    <Panel title={t("lifecycle.stayed")} about={t("lifecycle.stayed_about")}>
      <Scroll label={t("lifecycle.stayed")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("word.group")}</th>
              <th scope="col" className="num">{t("word.customers")}</th>
              <th scope="col" className="num">{t("lifecycle.stayed_customers")}</th>
              <th scope="col" className="num">{t("lifecycle.stayed_share")}</th>
              <th scope="col" className="num">{t("lifecycle.half_life")}</th>
            </tr>
          </thead>
          <tbody>
            {of.stayed.map((each) => (
              <tr key={each.group}>
                <th scope="row">{label.get(each.group) ?? each.group}</th>
                <td className="num">{format.number(each.customers)}</td>
                <td className="num">
                  <CellButton cell={stayed(each.group)}>{format.number(stayed(each.group)?.moved?.customers ?? 0)}</CellButton>
                </td>
                <td className="num">
                  <Interval of={each.stayed} write={format.share} />
                </td>
                <td className="num">
                  <Interval of={each.half_life_days} write={(value) => format.number(value)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
