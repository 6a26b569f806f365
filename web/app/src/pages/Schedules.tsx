// What the server does by itself, and when: on the wall clock of the workspace.
import { CaretRightOutlined, DeleteOutlined, PauseOutlined, PlusOutlined, ThunderboltOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Popconfirm, Select } from "antd";
import { useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer, useChange } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { DataTable } from "../parts/DataTable";
import { Oops, useTell } from "../parts/Oops";
import { Answered, Nothing, Panel } from "../parts/Page";
import { nameOf } from "../parts/SaveSegment";
import { Status } from "../parts/Status";
import { useFormat } from "../parts/format";

type Schedule = Schemas["schedule"];
const USUAL = { daily: "0 5 * * *", working: "0 6 * * 1-5", weekly: "0 5 * * 1", hourly: "15 * * * *" } as const;

export function Schedules() {
  const { t } = useLanguage();
  const { may } = useSession();
  const found = useAnswer("/schedules");
  const [adding, setAdding] = useState(false);
  const add = may("run") && (
    <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("schedules.add")}
    </Button>
  );
  return (
    <Panel className="flush" title={t("schedules.title")} about={t("schedules.about")} extra={add}>
      <Answered of={found} rows={2}>
        {({ schedules }) => (schedules.length ? <Table rows={schedules} /> : <Nothing>{t("schedules.none")}</Nothing>)}
      </Answered>
      <Modal open={adding} title={t("schedules.add")} footer={null} onCancel={() => setAdding(false)} destroyOnHidden>
        <Make onDone={() => setAdding(false)} />
      </Modal>
    </Panel>
  );
}

function Table({ rows }: { rows: Schedule[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const tell = useTell();
  const save = useChange("put", "/schedules/{name}");
  const remove = useChange("delete", "/schedules/{name}");
  const run = useChange("post", "/schedules/{name}/runs");
  const turn = ({ name, cron, paused }: Schedule) => void save.mutateAsync({ path: { name }, body: { cron, paused: !paused } }).catch(tell);
  return (
    <DataTable
      label={t("schedules.title")}
      rowKey="name"
      dataSource={rows}
      pagination={false}
      columns={[
        {
          title: t("schedules.when"),
          key: "when",
          render: (_, row) => (
            <div className="name-cell">
              <strong dir="auto">{row.spoken}</strong>
              <span className="muted small">
                {row.name} · <code dir="ltr">{row.cron}</code> · <bdi>{row.timezone}</bdi>
              </span>
            </div>
          ),
        },
        {
          title: t("schedules.next"),
          key: "next",
          render: (_, row) =>
            row.paused ? (
              <Status tone="warn">{t("schedules.paused")}</Status>
            ) : (
              <ul className="times">
                {row.upcoming.map((at) => (
                  <li key={at}>{format.moment(at)}</li>
                ))}
              </ul>
            ),
        },
        {
          title: <span className="sr">{t("action.more")}</span>,
          key: "do",
          align: "end",
          render: (_, row) =>
            may("run") && (
              <div className="row end">
                <Button size="small" icon={<ThunderboltOutlined />} loading={run.isPending} onClick={() => void run.mutateAsync({ path: { name: row.name } }).catch(tell)}>
                  {t("schedules.run")}
                </Button>
                <Button size="small" icon={row.paused ? <CaretRightOutlined /> : <PauseOutlined />} loading={save.isPending} onClick={() => turn(row)}>
                  {t(row.paused ? "schedules.resume" : "schedules.pause")}
                </Button>
                <Popconfirm title={t("schedules.remove_sure")} okText={t("action.remove")} onConfirm={() => void remove.mutateAsync({ path: { name: row.name } }).catch(tell)}>
                  <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("schedules.remove", { name: row.name })} />
                </Popconfirm>
              </div>
            ),
        },
      ]}
    />
  );
}

function Make({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const save = useChange("put", "/schedules/{name}");
  const [form] = Form.useForm<{ name: string; cron: string }>();
  const finish = async ({ name, cron }: { name: string; cron: string }) => {
    await save.mutateAsync({ path: { name: nameOf(name) || name }, body: { cron, paused: false } });
    onDone();
  };
  return (
    <Form form={form} layout="vertical" initialValues={{ name: "nightly", cron: USUAL.daily }} onFinish={(given) => void finish(given).catch(() => undefined)}>
      <Form.Item name="name" label={t("schedules.name")} extra={t("save.name_about")} rules={[{ required: true, message: t("form.required") }]}>
        <Input dir="ltr" />
      </Form.Item>
      <Form.Item label={t("schedules.usual")}>
        <Select aria-label={t("schedules.usual")} placeholder={t("schedules.usual")} options={Object.entries(USUAL).map(([key, value]) => ({ value, label: t(`schedules.usual.${key}`) }))} onChange={(cron: string) => form.setFieldValue("cron", cron)} />
      </Form.Item>
      <Form.Item name="cron" label={t("schedules.cron")} extra={t("schedules.cron_about")} rules={[{ required: true, message: t("form.required") }]}>
        <Input dir="ltr" className="code" />
      </Form.Item>
      {save.error && <Oops error={save.error} />}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t("action.save")}
      </Button>
    </Form>
  );
}
