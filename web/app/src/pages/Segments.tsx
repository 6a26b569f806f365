// The saved segments: how many are in each, what they brought, how they moved.
import { AppstoreOutlined, BarsOutlined, PlusOutlined, SearchOutlined, SnippetsOutlined } from "@ant-design/icons";
import { Button, Input, Segmented, Select } from "antd";
import type { ColumnsType } from "antd/es/table";
import { useMemo, useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useGo } from "../app/address";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { DataTable } from "../parts/DataTable";
import { Link } from "../parts/Link";
import { More } from "../parts/More";
import { Answered, Nothing, Page, Panel } from "../parts/Page";
import { Sparkline } from "../parts/Sparkline";
import { Status } from "../parts/Status";
import { useFormat } from "../parts/format";
import { useSome } from "../parts/some";
import { FolderTag } from "./segments/FolderTag";
import { Lists } from "./segments/Lists";
import { Templates } from "./segments/Templates";

type Row = Schemas["segments-list"]["segments"][number];
type Action = Schemas["segments-actions"]["actions"][number];
type Shown = "table" | "cards";
type Which = "all" | "unused" | "broken" | "empty";

export function Segments() {
  const { t } = useLanguage();
  const go = useGo();
  const { may } = useSession();
  const list = useAnswer("/segments");
  const [shown, setShown] = useState<Shown>(() => (window.innerWidth < 768 ? "cards" : "table"));
  const [which, setWhich] = useState<Which>("all");
  const [sought, setSought] = useState("");
  const [folder, setFolder] = useState("");
  const [templates, setTemplates] = useState(false);
  const make = may("define") && (
    <>
      <Button icon={<SnippetsOutlined />} onClick={() => setTemplates(true)}>
        {t("templates.from")}
      </Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => go("/builder")}>
        {t("segments.new")}
      </Button>
    </>
  );
  return (
    <Page title={t("nav.segments")} about={t("segments.about")} actions={make}>
      <Answered of={list}>
        {({ segments }) =>
          segments.length === 0 ? (
            <Panel>
              <Nothing action={<div className="row centred">{make}</div>}>{t("segments.none")}</Nothing>
            </Panel>
          ) : (
            <>
              <div className="row">
                <Input
                  allowClear
                  prefix={<SearchOutlined />}
                  placeholder={t("segments.search")}
                  aria-label={t("segments.search")}
                  value={sought}
                  onChange={(event) => setSought(event.target.value)}
                  style={{ maxWidth: 320 }}
                />
                <Select<Which>
                  aria-label={t("segments.which")}
                  value={which}
                  onChange={setWhich}
                  style={{ minWidth: 150 }}
                  options={(["all", "unused", "empty", "broken"] as const).map((value) => ({ value, label: t(`segments.which.${value}`) }))}
                />
                {foldersOf(segments).length > 0 && (
                  <Select
                    aria-label={t("segments.folder")}
                    value={folder}
                    onChange={setFolder}
                    style={{ minWidth: 150 }}
                    options={[{ value: "", label: t("segments.folder_all") }, ...foldersOf(segments).map((value) => ({ value, label: value }))]}
                  />
                )}
                <span className="spring" />
                <Segmented<Shown>
                  aria-label={t("segments.shown")}
                  value={shown}
                  onChange={setShown}
                  options={[
                    { value: "table", icon: <BarsOutlined aria-hidden />, label: t("segments.table") },
                    { value: "cards", icon: <AppstoreOutlined aria-hidden />, label: t("segments.cards") },
                  ]}
                />
              </div>
              <Found rows={segments} {...{ sought, which, shown, folder }} />
            </>
          )
        }
      </Answered>
      <Lists />
      <Templates open={templates} onClose={() => setTemplates(false)} />
    </Page>
  );
}

interface FoundProps {
  rows: Row[];
  sought: string;
  which: Which;
  shown: Shown;
  folder: string;
}

function Found({ rows, sought, which, shown, folder }: FoundProps) {
  const { t } = useLanguage();
  const { data } = useAnswer("/actions");
  const actions = useMemo(() => data && new Map(data.actions.map((each) => [each.segment, each])), [data]);
  const found = useMemo(() => {
    const part = sought.trim().toLocaleLowerCase();
    return rows
      .filter((row) => kinds[which](row) && (!folder || row.folder === folder))
      .filter((row) => [row.name, row.label, row.sentence, row.folder].some((text) => text.toLocaleLowerCase().includes(part)));
  }, [rows, sought, which, folder]);
  if (found.length === 0) {
    return (
      <Panel>
        <Nothing>{t("segments.none_found")}</Nothing>
      </Panel>
    );
  }
  const shelf = { rows: found, folders: foldersOf(rows), actions };
  return shown === "table" ? <SegmentTable {...shelf} /> : <SegmentCards {...shelf} />;
}

const kinds: Record<Which, (row: Row) => boolean> = {
  all: () => true,
  unused: (row) => row.used_by.length === 0,
  empty: (row) => row.customers === 0,
  broken: (row) => row.problem !== "",
};

interface Shelf {
  rows: Row[];
  folders: string[];
  /** Nothing while it is being asked. */
  actions: Map<string, Action> | undefined;
}

function SegmentTable({ rows, folders, actions }: Shelf) {
  const { t } = useLanguage();
  const format = useFormat();
  const columns: ColumnsType<Row> = [
    {
      title: t("segments.segment"),
      key: "name",
      sorter: (a, b) => titleOf(a).localeCompare(titleOf(b)),
      render: (_, row) => (
        <div className="name-cell segment-cell">
          <Link to={`/segments/${row.name}`} dir="auto">
            {titleOf(row)}
          </Link>
          <span className="sentence" dir="auto">
            {row.problem || row.sentence}
          </span>
          <span className="row">
            <FolderTag segment={row} folders={folders} />
            {row.problem && <Status tone="bad">{t("segments.broken")}</Status>}
            {row.used_by.length === 0 && <span className="muted small">{t("segments.unused")}</span>}
          </span>
        </div>
      ),
    },
    {
      title: t("word.customers"),
      key: "customers",
      align: "end",
      defaultSortOrder: "descend",
      sorter: (a, b) => (a.customers ?? -1) - (b.customers ?? -1),
      render: (_, row) => <ShareCell value={format.number(row.customers)} share={row.customer_share} />,
    },
    {
      title: t("word.revenue"),
      key: "revenue",
      align: "end",
      sorter: (a, b) => (a.revenue_amount ?? -1) - (b.revenue_amount ?? -1),
      render: (_, row) => format.compactMoney(row.revenue_amount),
    },
    {
      title: t("segments.per_customer"),
      key: "each",
      align: "end",
      responsive: ["lg"],
      sorter: (a, b) => each(a) - each(b),
      render: (_, row) => format.money(row.customers ? each(row) : null),
    },
    { title: t("segments.next"), key: "next", responsive: ["lg"], render: (_, row) => <Next of={actions ? (actions.get(row.name) ?? null) : undefined} segment={row.name} /> },
    { title: t("segments.trend"), key: "trend", responsive: ["md"], render: (_, row) => <Trend row={row} /> },
  ];
  return (
    <Panel className="flush">
      <DataTable
        label={t("nav.segments")}
        rowKey="name"
        columns={columns}
        dataSource={rows}
        pagination={rows.length > 25 ? { pageSize: 25 } : false}
      />
    </Panel>
  );
}

function SegmentCards({ rows, folders, actions }: Shelf) {
  const { t } = useLanguage();
  const format = useFormat();
  const { some, more } = useSome(rows);
  return (
    <>
      <div className="cards">
        {some.map((row) => (
          <article className="tile" key={row.name}>
            <h2 dir="auto">
              <Link to={`/segments/${row.name}`}>{titleOf(row)}</Link>
            </h2>
            <p className="sentence" dir="auto">
              {row.problem || row.sentence}
            </p>
            <div className="row" style={{ justifyContent: "space-between" }}>
              <span className="figure-value">{format.number(row.customers)}</span>
              <Trend row={row} />
            </div>
            <div className="bar" aria-hidden>
              <i style={{ width: `${(row.customer_share ?? 0) * 100}%` }} />
            </div>
            <p className="muted">
              {t("segments.of_base", { share: format.share(row.customer_share) })} · {format.compactMoney(row.revenue_amount)}
            </p>
            <Next of={actions ? (actions.get(row.name) ?? null) : undefined} segment={row.name} />
            <span className="row above">
              <FolderTag segment={row} folders={folders} />
            </span>
          </article>
        ))}
      </div>
      <More of={more} />
    </>
  );
}

/** What to do next: the goal of its playbook, or of the group most members are in. */
function Next({ of, segment }: { of: Action | null | undefined; segment: string }) {
  const { t } = useLanguage();
  if (!of?.goal) return <span className="muted">{of === undefined ? "…" : "–"}</span>;
  return (
    <span className="next" dir="auto">
      <Link to={`/segments/${segment}?tab=playbook`}>{of.goal}</Link>
      {!of.own && of.group && <span className="muted small">{t("playbook.as_group", { group: of.group })}</span>}
    </span>
  );
}

function Trend({ row }: { row: Row }) {
  const { t } = useLanguage();
  const format = useFormat();
  const values = row.trend.map((point) => point.customers);
  const change = (values.at(-1) ?? 0) - (values.at(-2) ?? values.at(-1) ?? 0);
  return <Sparkline values={values} label={t("segments.trend_of", { change: format.change(change) })} />;
}

export function ShareCell({ value, share }: { value: string; share: number | null | undefined }) {
  const format = useFormat();
  return (
    <div className="share-cell">
      <span>
        {value} <span className="muted">{format.share(share)}</span>
      </span>
      <div className="bar" aria-hidden>
        <i style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
    </div>
  );
}

const foldersOf = (rows: Row[]) => [...new Set(rows.map((row) => row.folder).filter(Boolean))].sort((a, b) => a.localeCompare(b));
const titleOf = (row: Row) => row.label || row.name;
const each = (row: Row) => (row.customers ? (row.revenue_amount ?? 0) / row.customers : 0);
