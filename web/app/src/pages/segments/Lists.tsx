// Lists of customers by name: uploaded, or frozen from a segment; rules ask for them.
import { DeleteOutlined, InboxOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button, Form, Input, Modal, Popconfirm, Select, Upload } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useGo } from "../../app/address";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { DataTable } from "../../parts/DataTable";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { nameOf } from "../../parts/SaveSegment";
import { useFormat } from "../../parts/format";

type Row = Schemas["lists-list"]["lists"][number];
const BY = ["id", "email", "phone"] as const;

export function Lists() {
  const { t } = useLanguage();
  const { may } = useSession();
  const found = useAnswer("/lists");
  const [adding, setAdding] = useState(false);
  const add = may("define") && (
    <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("lists.add")}
    </Button>
  );
  return (
    <Panel className="flush" title={t("builder.lists")} about={t("lists.about")} extra={add}>
      <Answered of={found} rows={2}>
        {({ lists }) => (lists.length ? <ListTable rows={lists} /> : <Nothing>{t("lists.none")}</Nothing>)}
      </Answered>
      <Modal open={adding} title={t("lists.add")} footer={null} onCancel={() => setAdding(false)} destroyOnHidden>
        <Make onDone={() => setAdding(false)} />
      </Modal>
    </Panel>
  );
}

function ListTable({ rows }: { rows: Row[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const go = useGo();
  const { may } = useSession();
  const tell = useTell();
  const remove = useChange("delete", "/lists/{name}");
  const gone = (name: string) => remove.mutateAsync({ path: { name } }).catch(tell);
  return (
    <DataTable
      label={t("builder.lists")}
      rowKey="name"
      dataSource={rows}
      pagination={rows.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
      columns={[
        {
          title: t("lists.list"),
          key: "name",
          render: (_, row) => (
            <div className="name-cell">
              <strong dir="auto">{row.label || row.name}</strong>
              <span className="sentence" dir="auto">
                {row.origin}
              </span>
            </div>
          ),
        },
        { title: t("lists.members"), dataIndex: "members", align: "end", render: (count: number) => format.number(count) },
        { title: t("lists.unmatched"), dataIndex: "unmatched", align: "end", render: (count: number) => <span className={count ? "warn" : "muted"}>{format.number(count)}</span> },
        { title: t("lists.made"), dataIndex: "made_at", render: (at: string) => format.moment(at) },
        {
          title: <span className="sr">{t("action.more")}</span>,
          key: "do",
          align: "end",
          render: (_, row) =>
            may("define") && (
              <div className="row end">
                <Button size="small" onClick={() => go(`/builder?rule=${encodeURIComponent(`in_list('${row.name}')`)}`)}>
                  {t("lists.use")}
                </Button>
                <Popconfirm title={t("lists.remove_sure")} okText={t("action.remove")} onConfirm={() => void gone(row.name)}>
                  <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("lists.remove", { name: row.label || row.name })} />
                </Popconfirm>
              </div>
            ),
        },
      ]}
    />
  );
}

interface Given {
  name: string;
  label: string;
  by: (typeof BY)[number];
  text: string;
}

function Make({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const make = useChange("post", "/lists");
  const [form] = Form.useForm<Given>();
  const finish = async ({ name, label, by, text }: Given) => {
    const customers = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    const made = await make.mutateAsync({ body: { name, label, by, customers } });
    void message.success(t("save.done", { name: made.label || made.name }));
    onDone();
  };
  const read = async (file: File) => {
    form.setFieldValue("text", await file.text());
    if (!form.getFieldValue("label")) {
      const label = file.name.replace(/\.\w+$/, "");
      form.setFieldsValue({ label, name: nameOf(label) });
    }
  };
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ by: "id", label: "", name: "", text: "" }}
      onFinish={(given) => void finish(given).catch(() => undefined)}
      onValuesChange={(changed: Partial<Given>) => changed.label !== undefined && form.setFieldValue("name", nameOf(changed.label))}
    >
      <Form.Item name="label" label={t("save.label")}>
        <Input autoFocus />
      </Form.Item>
      <Form.Item name="name" label={t("save.name")} extra={t("save.name_about")} rules={[{ required: true, message: t("form.required") }]}>
        <Input dir="ltr" />
      </Form.Item>
      <Form.Item name="by" label={t("lists.by")}>
        <Select options={BY.map((value) => ({ value, label: t(`lists.by.${value}`) }))} />
      </Form.Item>
      <Upload accept=".txt,.csv" showUploadList={false} beforeUpload={(file) => (void read(file), false)}>
        <Button icon={<InboxOutlined />}>{t("lists.file")}</Button>
      </Upload>
      <Form.Item name="text" label={t("lists.lines")} extra={t("lists.lines_about")} rules={[{ required: true, message: t("form.required") }]} style={{ marginTop: 12 }}>
        <Input.TextArea className="code" dir="ltr" autoSize={{ minRows: 4, maxRows: 10 }} />
      </Form.Item>
      {make.error && <Oops error={make.error} />}
      <Button type="primary" htmlType="submit" loading={make.isPending}>
        {t("action.save")}
      </Button>
    </Form>
  );
}
