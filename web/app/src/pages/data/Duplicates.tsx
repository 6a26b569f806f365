// Records that may be one customer: a person says of each pair whether they are; all can be undone.
import { CheckOutlined, CloseOutlined, SearchOutlined, UndoOutlined } from "@ant-design/icons";
import { App, Button, Popconfirm, Progress, Tag } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Oops, useTell } from "../../parts/Oops";
import { DataTable } from "../../parts/DataTable";
import { Link } from "../../parts/Link";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { problemOf, useFollowed } from "../../parts/follow";
import { useFormat } from "../../parts/format";

type Pair = Schemas["duplicates-list"]["pairs"][number];
type Decision = Schemas["duplicates-history"]["decisions"][number];
const SURE = 0.9;

export function Duplicates() {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const { message } = App.useApp();
  const tell = useTell();
  const found = useAnswer("/duplicates", { query: { limit: 50 } });
  const search = useChange("post", "/duplicates/searches");
  const merge = useChange("post", "/duplicates/merges");
  const [run, setRun] = useState<number>();
  const followed = useFollowed(run);
  const busy = search.isPending || ["running", "waiting"].includes(followed?.status ?? "");
  const find = () => search.mutateAsync({ body: { method: "own" } }).then((made) => setRun(made.id), tell);
  const all = () => merge.mutateAsync({ body: { at_least: SURE, customers: [], reason: "" } }).then((made) => void message.success(t("duplicates.merged", { count: made.decisions.length })), tell);
  const button = may("load") && (
    <Button icon={<SearchOutlined />} loading={busy} onClick={() => void find()}>
      {t("duplicates.find")}
    </Button>
  );
  return (
    <Answered of={found} rows={6}>
      {({ pairs, found_at: at, pending }) => (
        <>
          <Panel
            title={t("duplicates.title")}
            about={at ? t("duplicates.found", { count: pending, at: format.moment(at) }) : t("duplicates.about")}
            extra={
              <div className="row">
                {may("load") && pairs.some((pair) => (pair.probability ?? 0) >= SURE) && (
                  <Popconfirm title={t("duplicates.all_sure", { share: format.share(SURE) })} okText={t("duplicates.merge")} onConfirm={() => void all()}>
                    <Button loading={merge.isPending}>{t("duplicates.all")}</Button>
                  </Popconfirm>
                )}
                {at && button}
              </div>
            }
          >
            {followed?.status === "failed" && <Oops error={problemOf(followed)} />}
            {pairs.length === 0 ? (
              <Nothing action={at ? null : button}>{t(at ? "duplicates.none" : "duplicates.not_yet")}</Nothing>
            ) : (
              <div className="stack tight">
                {pairs.map((pair) => (
                  <OnePair key={`${pair.customer_id} ${pair.other_id}`} pair={pair} />
                ))}
              </div>
            )}
          </Panel>
          <Decided />
        </>
      )}
    </Answered>
  );
}

function OnePair({ pair }: { pair: Pair }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const tell = useTell();
  const merge = useChange("post", "/duplicates/merges");
  const refuse = useChange("post", "/duplicates/refusals");
  const customers = [pair.customer_id ?? "", pair.other_id ?? ""];
  const [one, other] = pair.records as Record<string, string>[];
  const fields = [...new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])].filter((field) => field !== "customer_id");
  return (
    <article className="condition-card pair" aria-label={t("duplicates.pair", { one: pair.customer_id, other: pair.other_id })}>
      <div className="row">
        <Progress type="circle" size={38} percent={Math.round((pair.probability ?? 0) * 100)} format={() => format.share(pair.probability, 0)} aria-label={t("duplicates.probability")} />
        <div className="row">
          {Object.entries(pair.why).map(([field, how]) => (
            <Tag key={field}>
              {t(`duplicates.field.${field}`, { defaultValue: field })}: {t(`duplicates.how.${how}`, { defaultValue: how })}
            </Tag>
          ))}
        </div>
        <span className="spring" />
        {may("load") && (
          <>
            <Button type="primary" size="small" icon={<CheckOutlined />} loading={merge.isPending} onClick={() => void merge.mutateAsync({ body: { customers, reason: "" } }).catch(tell)}>
              {t("duplicates.same")}
            </Button>
            <Button size="small" icon={<CloseOutlined />} loading={refuse.isPending} onClick={() => void refuse.mutateAsync({ body: { customers, reason: "" } }).catch(tell)}>
              {t("duplicates.different")}
            </Button>
          </>
        )}
      </div>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th>
                <span className="sr">{t("field.field")}</span>
              </th>
              {customers.map((id) => (
                <th key={id} scope="col">
                  <Link to={`/customers/${encodeURIComponent(id)}`} dir="auto">
                    {id}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field}>
                <th scope="row">{t(`duplicates.record.${field}`, { defaultValue: field.replaceAll("_", " ") })}</th>
                <td dir="auto">{one?.[field] ?? "–"}</td>
                <td dir="auto" className={one?.[field] === other?.[field] ? "" : "warn"}>
                  {other?.[field] ?? "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

/** What was decided, the latest first; each can be taken back. */
function Decided() {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const tell = useTell();
  const found = useAnswer("/duplicates/decisions", { query: { limit: 50 } });
  const undo = useChange("post", "/duplicates/decisions/{number}/undo");
  const back = (number: number) => undo.mutateAsync({ path: { number }, body: { reason: "" } }).catch(tell);
  if (!found.data?.decisions.length) return null;
  const stands = (each: Decision) => each.undoes === null && each.undone_by === null;
  return (
    <Panel className="flush" title={t("duplicates.decided")}>
      <DataTable
        label={t("duplicates.decided")}
        rowKey="number"
        dataSource={found.data.decisions}
        pagination={found.data.decisions.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        columns={[
          { title: t("duplicates.what"), dataIndex: "kind", render: (kind: string, each) => <Status tone={stands(each) ? "good" : "calm"}>{t(`duplicates.kind.${kind}`, { defaultValue: kind })}</Status> },
          { title: t("word.customers"), dataIndex: "customers", render: (ids: string[]) => <span dir="auto">{ids.join(", ")}</span> },
          { title: t("word.day"), dataIndex: "decided_at", render: (at: string) => format.moment(at) },
          {
            title: <span className="sr">{t("action.more")}</span>,
            key: "undo",
            align: "end",
            render: (_, each) =>
              may("load") &&
              stands(each) && (
                <Button size="small" icon={<UndoOutlined />} loading={undo.isPending} onClick={() => void back(each.number)}>
                  {t("duplicates.undo")}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
