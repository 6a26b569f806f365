// What is done for each group: goal, offer, message, channel, and what not to do.
import { EditOutlined } from "@ant-design/icons";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer, useChange } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { Oops } from "./Oops";
import { Panel } from "./Page";

type Play = Schemas["playbook"]["playbooks"][number];
const PARTS = ["goal", "offer", "message", "channel", "avoid"] as const;

export function Playbooks({ segmentation }: { segmentation: string }) {
  const { t } = useLanguage();
  const { may } = useSession();
  const found = useAnswer("/playbooks/{segmentation}", { path: { segmentation } }, { keep: true });
  const [edited, setEdited] = useState<Play | null>(null);
  if (!found.data) return null;
  return (
    <Panel title={t("playbook.title")} about={t("playbook.about")}>
      <div className="cards">
        {found.data.playbooks.map((play) => (
          <article key={play.group} className="tile">
            <div className="row">
              <h3>{play.label}</h3>
              <span className="spring" />
              {may("define") && (
                <Button type="text" size="small" icon={<EditOutlined />} aria-label={t("playbook.edit", { group: play.label })} onClick={() => setEdited(play)} />
              )}
            </div>
            <dl className="play">
              {PARTS.filter((part) => play[part]).map((part) => (
                <div key={part}>
                  <dt>{t(`playbook.${part}`)}</dt>
                  <dd dir="auto">{play[part]}</dd>
                </div>
              ))}
            </dl>
            {PARTS.every((part) => !play[part]) && <p className="muted">{t("playbook.none")}</p>}
          </article>
        ))}
      </div>
      <Modal open={edited !== null} title={edited?.label} footer={null} onCancel={() => setEdited(null)} destroyOnHidden>
        {edited && <Write segmentation={segmentation} play={edited} onDone={() => setEdited(null)} />}
      </Modal>
    </Panel>
  );
}

function Write({ segmentation, play, onDone }: { segmentation: string; play: Play; onDone: () => void }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const change = useChange("patch", "/playbooks/{segmentation}/{group}");
  const finish = async (body: Schemas["Playbook"]) => {
    await change.mutateAsync({ path: { segmentation, group: play.group }, body });
    void message.success(t("save.done", { name: play.label }));
    onDone();
  };
  return (
    <Form layout="vertical" initialValues={play} onFinish={(body) => void finish(body).catch(() => undefined)}>
      {PARTS.map((part) => (
        <Form.Item key={part} name={part} label={t(`playbook.${part}`)}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 5 }} dir="auto" />
        </Form.Item>
      ))}
      {change.error && <Oops error={change.error} />}
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("action.save")}
      </Button>
    </Form>
  );
}
