// Who is behind a number: how many they are now, in words, and a name to keep them under.
import { App, Button, Drawer, Form, Input } from "antd";
import { useRef, useState } from "react";

import type { Body } from "../api/client";
import { useAnswer, useChange, usePosted } from "../api/hooks";
import { useGo } from "../app/address";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { Link } from "./Link";
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
/** Who went from a group to a group; no rule can say it, what was recorded can. */
export interface Moved {
  segmentation: string;
  move: Omit<Body<"post", "/migrations/{name}/segment">, "name" | "label">;
  customers: number | null;
  /** The move in words. */
  said: string;
}

/** A drawer that is open while there is a rule. */
export function SaveSegment({ rule, label = "", name, onClose }: SaveProps) {
  return (
    <Side open={rule !== null} onClose={onClose}>
      {rule !== null && <SaveForm rule={rule} label={label} known={name} onClose={onClose} />}
    </Side>
  );
}

/** A drawer that is open while there are customers who moved. */
export function SaveMoved({ moved, onClose }: { moved: Moved | null; onClose: () => void }) {
  return (
    <Side open={moved !== null} onClose={onClose}>
      {moved !== null && <MovedForm moved={moved} onClose={onClose} />}
    </Side>
  );
}

function Side({ open, onClose, children }: { open: boolean; onClose: () => void; children: React.ReactNode }) {
  const { t, rtl } = useLanguage();
  const { may } = useSession();
  const content = useRef<HTMLDivElement>(null); // the drawer itself would put focus on its cross
  return (
    <Drawer open={open} title={t(may("define") ? "save.title" : "save.who")} placement={rtl ? "left" : "right"} size={440} onClose={onClose} afterOpenChange={(shown) => shown && content.current?.querySelector("input")?.focus()} destroyOnHidden>
      <div ref={content}>{children}</div>
    </Drawer>
  );
}

function SaveForm({ rule, label, known, onClose }: { rule: string; label: string; known?: string; onClose: () => void }) {
  const { t } = useLanguage();
  const save = useChange("put", "/segments/{name}");
  return (
    <>
      <Counted rule={rule} />
      <Named label={label} fallback={nameOf(rule)} known={known} error={save.error} busy={save.isPending} onClose={onClose} onSave={({ name, label: given }) => save.mutateAsync({ path: { name }, body: { rule, label: given } })} />
      {known === undefined && (
        <p className="small">
          <Link to={`/builder?rule=${encodeURIComponent(rule)}`} onClick={onClose}>
            {t("save.to_builder")}
          </Link>
        </p>
      )}
    </>
  );
}

function MovedForm({ moved, onClose }: { moved: Moved; onClose: () => void }) {
  const { t } = useLanguage();
  const customers = useCustomers();
  const save = useChange("post", "/migrations/{name}/segment");
  return (
    <>
      <div className="saved-rule">
        <p className="who-count">{customers(moved.customers)}</p>
        <p dir="auto">{moved.said}</p>
        <p className="muted small">{t("save.fixed")}</p>
      </div>
      <Named label={moved.said} fallback={nameOf([moved.segmentation, moved.move.before, moved.move.after].join("_"))} error={save.error} busy={save.isPending} onClose={onClose} onSave={(given) => save.mutateAsync({ path: { name: moved.segmentation }, body: { ...moved.move, ...given } })} />
    </>
  );
}

interface NamedProps {
  label: string;
  /** The name where the label has no letters for one. */
  fallback: string;
  known?: string;
  error: Error | null;
  busy: boolean;
  onSave: (given: Given) => Promise<unknown>;
  onClose: () => void;
}

function Named({ label, fallback, known, error, busy, onSave, onClose }: NamedProps) {
  const { t } = useLanguage();
  const { may } = useSession();
  const { message } = App.useApp();
  const go = useGo();
  const [form] = Form.useForm<Given>();
  const [named, setNamed] = useState(known !== undefined);
  const taken = useAnswer("/segments").data?.segments.map((each) => each.name) ?? [];
  if (!may("define")) return null;
  const free = async (_: unknown, name: string) => {
    if (name !== known && taken.includes(name)) throw new Error(t("save.taken"));
  };
  const finish = async (given: Given) => {
    await onSave(given);
    void message.success(t("save.done", { name: given.label || given.name }));
    onClose();
    go(`/segments/${given.name}`);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ label, name: known ?? (nameOf(label) || fallback) }}
      onFinish={(given) => void finish(given).catch(() => undefined)}
      onValuesChange={(changed: Partial<Given>) => {
        if (changed.name !== undefined) setNamed(true);
        if (changed.label !== undefined && !named) form.setFieldValue("name", nameOf(changed.label) || fallback);
      }}
    >
      <Form.Item name="label" label={t("save.label")} extra={t("save.label_about")}>
        <Input dir="auto" maxLength={200} />
      </Form.Item>
      <Form.Item name="name" label={t("save.name")} extra={t("save.name_about")} rules={[{ required: true, message: t("form.required") }, { validator: free }]}>
        <Input dir="ltr" disabled={known !== undefined} maxLength={63} />
      </Form.Item>
      {error && <Oops error={error} />}
      <div className="row end" style={{ marginTop: 12 }}>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("action.save")}
        </Button>
      </div>
    </Form>
  );
}

function Counted({ rule }: { rule: string }) {
  const format = useFormat();
  const customers = useCustomers();
  const { t } = useLanguage();
  const { data, error } = usePosted("/segments/preview", { body: { rule } });
  if (error) return <Oops error={error} />;
  return (
    <div className="saved-rule" aria-live="polite">
      <p>
        <span className="who-count">{data ? customers(data.customers) : "…"}</span>{" "}
        {data && <span className="muted">{t("segments.of_base", { share: format.share(shareOf(data.customers, data.of)) })}</span>}
      </p>
      <p dir="auto">{data?.sentence ?? "…"}</p>
    </div>
  );
}

/** A name for files and rules from what people call it; empty where its letters have no place there. */
export function nameOf(label: string): string {
  return label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 63);
}
