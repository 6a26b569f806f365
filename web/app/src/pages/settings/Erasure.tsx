// People are forgotten for good: who, what goes, a word typed, and what was erased before.
import { App, Button, Form, Input, Progress } from "antd";
import { useEffect, useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { DataTable } from "../../parts/DataTable";
import { Oops } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { problemOf, useFollowed } from "../../parts/follow";
import { useFormat } from "../../parts/format";

export function Erasure() {
  const { t } = useLanguage();
  const found = useAnswer("/erasures");
  return (
    <div className="columns">
      <Panel title={t("erasure.title")} about={t("erasure.about")}>
        <Forget />
      </Panel>
      <Answered of={found}>
        {({ erasures }) => (
          <Panel className="flush" title={t("erasure.past")} about={t("erasure.past_about")}>
            <Past rows={erasures} />
          </Panel>
        )}
      </Answered>
    </div>
  );
}

interface Wanted {
  ids: string;
  reason?: string;
}

const listed = (text: string) => [...new Set(text.split(/[\n,;]+/).map((id) => id.trim()))].filter(Boolean);

function Forget() {
  const { t } = useLanguage();
  const [form] = Form.useForm<Wanted>();
  const [wanted, setWanted] = useState<Schemas["Forgetting"]>();
  const preview = useChange("post", "/erasures/preview");
  const { message } = App.useApp();
  const look = async ({ ids, reason }: Wanted) => {
    const given = { ids: listed(ids), reason: reason ?? "" };
    await preview.mutateAsync({ body: { ids: given.ids } });
    setWanted(given);
  };
  const done = () => {
    setWanted(undefined);
    preview.reset();
    form.resetFields();
    void message.success(t("erasure.done"));
  };
  return (
    <>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onValuesChange={() => setWanted(undefined)}
        onFinish={(values) => void look(values).catch(() => undefined)}
      >
        <Form.Item name="ids" label={t("erasure.ids")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} autoComplete="off" spellCheck={false} dir="auto" />
        </Form.Item>
        <Form.Item name="reason" label={t("erasure.reason")}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {preview.error && <Oops error={preview.error} />}
        <Button htmlType="submit" loading={preview.isPending}>
          {t("erasure.preview")}
        </Button>
      </Form>
      {wanted && preview.data && <Sure wanted={wanted} found={preview.data} onDone={done} />}
    </>
  );
}

function Sure({ wanted, found, onDone }: { wanted: Schemas["Forgetting"]; found: Schemas["erasure-preview"]; onDone: () => void }) {
  const { t } = useLanguage();
  const [typed, setTyped] = useState("");
  const [number, setNumber] = useState<number>();
  const erase = useChange("post", "/erasures");
  const run = useFollowed(number);
  const busy = erase.isPending || (run !== undefined && ["waiting", "running"].includes(run.status));
  const failed = erase.error ?? (run?.status === "failed" ? problemOf(run) : null);
  const over = run?.status === "done";
  useEffect(() => {
    if (over) onDone();
  });
  const start = () => erase.mutateAsync({ body: wanted }).then(({ id }) => setNumber(id));
  return (
    <div className="stack" style={{ marginTop: 16 }}>
      <Preview found={found} />
      <Form layout="vertical" onFinish={() => void start().catch(() => undefined)}>
        <Form.Item label={t("erasure.type", { word: t("erasure.word") })} htmlFor="erasure-word">
          <Input id="erasure-word" value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" />
        </Form.Item>
        {failed && <Oops error={failed} />}
        <Button danger type="primary" htmlType="submit" loading={busy} disabled={typed.trim() !== t("erasure.word")}>
          {t("erasure.go")}
        </Button>
      </Form>
      {busy && run?.progress && <Progress percent={Math.round((run.progress.share_done ?? 0) * 100)} aria-label={t("erasure.title")} status="active" />}
    </div>
  );
}

function Preview({ found }: { found: Schemas["erasure-preview"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const entities = useAnswer("/entities");
  const labels = new Map(entities.data?.entities.map((each) => [each.name, each.label]));
  const lines = [
    found.same.length > 0 && t("erasure.same", { ids: found.same.join(", ") }),
    found.unknown.length > 0 && t("erasure.unknown", { ids: found.unknown.join(", ") }),
    found.elsewhere.length > 0 && t("erasure.elsewhere", { files: found.elsewhere.join(", ") }),
  ].filter(Boolean);
  return (
    <>
      <div className="stack" style={{ gap: 6 }}>
        <Status tone="bad">{t("erasure.for_good")}</Status>
        {lines.map((line) => (
          <p key={String(line)} className="muted" dir="auto" style={{ margin: 0, overflowWrap: "anywhere" }}>
            {line}
          </p>
        ))}
      </div>
      {found.tables.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("erasure.table")}</th>
              <th scope="col" className="num">{t("erasure.rows")}</th>
            </tr>
          </thead>
          <tbody>
            {found.tables.map(({ table, rows }) => (
              <tr key={table}>
                <th scope="row">
                  {labels.get(table)} <code className="muted">{table}</code>
                </th>
                <td className="num">{format.number(rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Past({ rows }: { rows: Schemas["erasures"]["erasures"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <DataTable
      label={t("erasure.past")}
      rowKey="id"
      size="middle"
      dataSource={rows}
      pagination={false}
      locale={{ emptyText: <Nothing>{t("erasure.none")}</Nothing> }}
      columns={[
        { title: t("audit.at"), dataIndex: "at", render: (at: string) => format.moment(at) },
        { title: t("audit.who"), key: "who", render: (_, { name, who }) => <span dir="auto">{name ?? who}</span> },
        { title: t("erasure.count"), dataIndex: "ids_count", align: "end", render: (count: number) => format.number(count) },
        { title: t("erasure.why"), dataIndex: "reason", render: (reason: string) => <span dir="auto">{reason}</span> },
      ]}
    />
  );
}
