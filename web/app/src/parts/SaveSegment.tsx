// Keeps a rule under a name: from a cell of a chart, from what was discovered, from the builder.
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useChange, usePosted } from "../api/hooks";
import { useGo } from "../app/address";
import { Oops } from "./Oops";
import { shareOf, useCustomers } from "./count";
import { useFormat } from "./format";

interface Given {
  label: string;
  name: string;
}
interface SaveProps {
  rule: string | null;
  label?: string;
  /** The segment that gets the rule, where there is one already. */
  name?: string;
  onClose: () => void;
}

/** A dialog that is open while there is a rule. */
export function SaveSegment({ rule, label = "", name, onClose }: SaveProps) {
  const { t } = useTranslation();
  return (
    <Modal open={rule !== null} title={t("save.title")} footer={null} onCancel={onClose} destroyOnHidden>
      {rule !== null && <SaveForm rule={rule} label={label} known={name} onClose={onClose} />}
    </Modal>
  );
}

function SaveForm({ rule, label, known, onClose }: { rule: string; label: string; known?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const go = useGo();
  const save = useChange("put", "/segments/{name}");
  const [form] = Form.useForm<Given>();
  const [named, setNamed] = useState(known !== undefined);
  const finish = async ({ label: given, name }: Given) => {
    await save.mutateAsync({ path: { name }, body: { rule, label: given } });
    void message.success(t("save.done", { name: given || name }));
    onClose();
    go(`/segments/${name}`);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ label, name: known ?? nameOf(label) }}
      onFinish={(given) => void finish(given).catch(() => undefined)}
      onValuesChange={(changed: Partial<Given>) => {
        if (changed.name !== undefined) setNamed(true);
        if (changed.label !== undefined && !named) form.setFieldValue("name", nameOf(changed.label));
      }}
    >
      <Counted rule={rule} />
      <Form.Item name="label" label={t("save.label")} extra={t("save.label_about")}>
        <Input autoFocus />
      </Form.Item>
      <Form.Item name="name" label={t("save.name")} extra={t("save.name_about")} rules={[{ required: true, message: t("form.required") }]}>
        <Input dir="ltr" disabled={known !== undefined} />
      </Form.Item>
      {save.error && <Oops error={save.error} />}
      <div className="row" style={{ justifyContent: "flex-end", marginTop: 12 }}>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("action.save")}
        </Button>
      </div>
    </Form>
  );
}

function Counted({ rule }: { rule: string }) {
  const format = useFormat();
  const customers = useCustomers();
  const { data, error } = usePosted("/segments/preview", { body: { rule } });
  if (error) return <Oops error={error} />;
  return (
    <div className="saved-rule">
      <p dir="auto">{data?.sentence ?? "…"}</p>
      <p className="muted">{data ? `${customers(data.customers)} · ${format.share(shareOf(data.customers, data.of))}` : "…"}</p>
    </div>
  );
}

/** A name for files and rules from what people call it; empty where its letters have no place there. */
export function nameOf(label: string): string {
  return label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "");
}
