// The usual segments, to start from: as they are, or changed in the builder first.
import { Button, Drawer, Tag } from "antd";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useGo } from "../../app/address";
import { useLanguage } from "../../app/language";
import { Link } from "../../parts/Link";
import { Oops } from "../../parts/Oops";
import { Answered, Nothing } from "../../parts/Page";

type Template = Schemas["templates-list"]["templates"][number];

export function Templates({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t, rtl } = useLanguage();
  const found = useAnswer("/templates", {}, { enabled: open });
  const saved = useAnswer("/segments", {}, { enabled: open });
  const taken = new Set(saved.data?.segments.map((each) => each.name));
  return (
    <Drawer open={open} onClose={onClose} title={t("templates.title")} size="large" placement={rtl ? "left" : "right"} destroyOnHidden>
      <p className="muted lead">{t("templates.about")}</p>
      <Answered of={found} rows={8}>
        {({ templates }) => {
          const ready = templates.filter((each) => each.available);
          const lacking = templates.filter((each) => !each.available);
          return (
            <div className="stack tight">
              {ready.length === 0 && <Nothing>{t("templates.none")}</Nothing>}
              {[...ready, ...lacking].map((each) => (
                <One key={each.name} template={each} taken={taken.has(each.name)} />
              ))}
            </div>
          );
        }}
      </Answered>
    </Drawer>
  );
}

/** A template; one whose segment is there already is opened, so that nobody's changes are lost. */
function One({ template, taken }: { template: Template; taken: boolean }) {
  const { t } = useLanguage();
  const go = useGo();
  const use = useChange("post", "/templates/{name}/segment");
  const { name, label, about, why, available, lacking, rule } = template;
  const save = async () => {
    const made = await use.mutateAsync({ path: { name }, body: { name: "", parameters: {} } });
    go(`/segments/${made.name}`);
  };
  return (
    <article className="condition-card">
      <h3 dir="auto">{label}</h3>
      <p dir="auto">{about}</p>
      {available ? (
        <>
          {why && (
            <p className="muted small" dir="auto">
              {why}
            </p>
          )}
          <div className="row">
            {taken ? (
              <Link to={`/segments/${name}`}>{t("templates.taken")}</Link>
            ) : (
              <Button type="primary" size="small" loading={use.isPending} onClick={() => void save().catch(() => undefined)}>
                {t("templates.use")}
              </Button>
            )}
            <Button size="small" onClick={() => go(`/builder?rule=${encodeURIComponent(rule)}`)}>
              {t("templates.open")}
            </Button>
          </div>
          {use.error && <Oops error={use.error} />}
        </>
      ) : (
        <p className="muted small">
          <Tag>{t("templates.lacking")}</Tag> <span dir="auto">{lacking}</span>
        </p>
      )}
    </article>
  );
}
