// What is done for the members: goal, offer, message, channel, and what not to do.
import { EditOutlined, UndoOutlined } from "@ant-design/icons";
import { App, Button, Form, Input, Tag } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";

type Action = Schemas["segments-actions"]["actions"][number];
const NOTHING = { goal: "", offer: "", message: "", channel: "", avoid: "" };
const PARTS = ["goal", "offer", "message", "channel", "avoid"] as const;

export function Playbook({ name }: { name: string }) {
  const { t } = useLanguage();
  const { may } = useSession();
  const tell = useTell();
  const found = useAnswer("/segments/{name}/playbook", { path: { name } });
  const reset = useChange("delete", "/segments/{name}/playbook");
  const [editing, setEditing] = useState(false);
  const back = () => reset.mutateAsync({ path: { name } }).catch(tell);
  return (
    <Answered of={found}>
      {({ actions: [action] }) => {
        if (!action) return null;
        const about = action.own ? t("playbook.own") : action.group ? t("playbook.by_group", { group: action.group }) : "";
        const empty = PARTS.every((part) => !action[part]);
        return (
          <Panel
            title={t("playbook.tab")}
            about={about}
            extra={
              may("define") &&
              !editing && (
                <div className="row">
                  {action.own && (
                    <Button size="small" icon={<UndoOutlined />} loading={reset.isPending} onClick={() => void back()}>
                      {t("playbook.reset")}
                    </Button>
                  )}
                  <Button size="small" icon={<EditOutlined />} onClick={() => setEditing(true)}>
                    {t("action.edit")}
                  </Button>
                </div>
              )
            }
          >
            {editing ? <Write name={name} action={action} onDone={() => setEditing(false)} /> : empty ? <Nothing>{t("playbook.nothing")}</Nothing> : <Said action={action} />}
          </Panel>
        );
      }}
    </Answered>
  );
}

function Said({ action }: { action: Action }) {
  const { t } = useLanguage();
  return (
    <dl className="play spacious">
      {PARTS.filter((part) => action[part]).map((part) => (
        <div key={part}>
          <dt>{part === "avoid" ? <Tag color="red">{t("playbook.avoid")}</Tag> : t(`playbook.${part}`)}</dt>
          <dd dir="auto">{action[part]}</dd>
        </div>
      ))}
    </dl>
  );
}

function Write({ name, action, onDone }: { name: string; action: Action; onDone: () => void }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const change = useChange("patch", "/segments/{name}/playbook");
  const finish = async (given: Schemas["Playbook"]) => {
    const changed = Object.fromEntries(PARTS.filter((part) => given[part] && given[part] !== action[part]).map((part) => [part, given[part]]));
    if (Object.keys(changed).length) {
      await change.mutateAsync({ path: { name }, body: { ...NOTHING, ...changed } });
      void message.success(t("save.done", { name: t("playbook.tab") }));
    }
    onDone();
  };
  return (
    <Form layout="vertical" initialValues={action} onFinish={(given: Schemas["Playbook"]) => void finish(given).catch(() => undefined)}>
      {PARTS.map((part) => (
        <Form.Item key={part} name={part} label={t(`playbook.${part}`)}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} dir="auto" maxLength={5000} />
        </Form.Item>
      ))}
      {change.error && <Oops error={change.error} />}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("action.save")}
        </Button>
        <Button onClick={onDone}>{t("action.cancel")}</Button>
      </div>
    </Form>
  );
}
