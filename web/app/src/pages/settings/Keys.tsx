// Keys of programs: what each may do; its secret is shown once.
import { Alert, Button, Form, Input, InputNumber, Select, Typography } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { DataTable } from "../../parts/DataTable";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { useFormat } from "../../parts/format";

export function Keys() {
  const { t } = useLanguage();
  const found = useAnswer("/keys");
  return (
    <div className="columns">
      <Answered of={found}>
        {({ keys }) => (
          <Panel className="flush" title={t("settings.keys")}>
            <KeyTable rows={keys} />
          </Panel>
        )}
      </Answered>
      <Panel title={t("keys.add")} about={t("keys.add_about")}>
        <AddKey />
      </Panel>
    </div>
  );
}

function KeyTable({ rows }: { rows: Schemas["keys"]["keys"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const tell = useTell();
  const revoke = useChange("delete", "/keys/{id}");
  return (
    <DataTable
      label={t("settings.keys")}
      rowKey="id"
      dataSource={rows}
      pagination={false}
      locale={{ emptyText: <Nothing>{t("keys.none")}</Nothing> }}
      columns={[
        {
          title: t("keys.for"),
          key: "name",
          render: (_, key) => (
            <div className="name-cell">
              <strong dir="auto">{key.name}</strong>
              <span className="sentence">{key.scopes.map((scope) => t(`scope.${scope}`, { defaultValue: scope })).join(", ")}</span>
            </div>
          ),
        },
        { title: t("keys.used"), dataIndex: "used_at", render: (at: string | null) => format.moment(at) },
        {
          title: t("runs.status"),
          key: "status",
          render: (_, key) => <Status tone={key.revoked_at ? "calm" : "good"}>{t(key.revoked_at ? "keys.revoked" : "keys.good")}</Status>,
        },
        {
          title: <span className="sr">{t("keys.revoke")}</span>,
          key: "revoke",
          render: (_, key) =>
            key.revoked_at ? null : (
              <Button size="small" onClick={() => revoke.mutate({ path: { id: key.id } }, { onError: tell })}>
                {t("keys.revoke")}
              </Button>
            ),
        },
      ]}
    />
  );
}

function AddKey() {
  const { t } = useLanguage();
  const { scopes } = useSession();
  const add = useChange("post", "/keys");
  const [form] = Form.useForm<Schemas["NewKey"]>();
  const [secret, setSecret] = useState<string>();
  const required = [{ required: true, message: t("form.required") }];
  const finish = async (body: Schemas["NewKey"]) => {
    setSecret((await add.mutateAsync({ body })).secret);
    form.resetFields();
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(body) => void finish(body).catch(() => undefined)}>
      <Form.Item name="name" label={t("keys.for")} rules={required}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="scopes" label={t("keys.may")} rules={required}>
        <Select mode="multiple" options={scopes.map((value) => ({ value, label: t(`scope.${value}`, { defaultValue: value }) }))} />
      </Form.Item>
      <Form.Item name="days" label={t("keys.days")}>
        <InputNumber min={1} precision={0} style={{ width: 160 }} />
      </Form.Item>
      {add.error && <Oops error={add.error} />}
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {t("keys.add")}
      </Button>
      {secret && (
        <Alert
          style={{ marginTop: 14 }}
          type="success"
          title={t("keys.once")}
          description={
            <Typography.Text copyable code style={{ overflowWrap: "anywhere" }}>
              {secret}
            </Typography.Text>
          }
        />
      )}
    </Form>
  );
}
