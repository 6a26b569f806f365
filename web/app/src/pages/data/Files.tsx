// The files that were sent: what was rejected of them, and what is cleaned when they are loaded.
import { DeleteOutlined, DownloadOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { App, Button, Tag } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { download } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useGo } from "../../app/address";
import { useLanguage } from "../../app/language";
import { Link } from "../../parts/Link";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";

type Source = Schemas["source"];
type Step = Schemas["clean-suggest"]["steps"][number];

export function Files() {
  const { t } = useLanguage();
  const go = useGo();
  const found = useAnswer("/sources");
  return (
    <Answered of={found}>
      {({ sources }) =>
        sources.length === 0 ? (
          <Panel>
            <Nothing
              action={
                <Button type="primary" icon={<UploadOutlined />} onClick={() => go("/data/import")}>
                  {t("overview.load")}
                </Button>
              }
            >
              {t("files.none")}
            </Nothing>
          </Panel>
        ) : (
          sources.map((source) => <One key={source.id} source={source} />)
        )
      }
    </Answered>
  );
}

function One({ source }: { source: Source }) {
  const { t } = useLanguage();
  const format = useFormat();
  const tell = useTell();
  const [looking, setLooking] = useState(false);
  const save = () => download(`/api/v1/sources/${source.id}/rejected`, "rejected.csv").catch(tell);
  return (
    <Panel
      title={
        <Link to={`/data/import?source=${source.id}`} dir="auto">
          {source.name}
        </Link>
      }
      about={`${format.moment(source.sent_at)} · ${t(source.loads ? "import.loaded" : "import.not_loaded")}`}
      extra={
        <div className="row">
          {source.rejected && (
            <Button size="small" icon={<DownloadOutlined />} onClick={() => void save()}>
              {t("import.download")}
            </Button>
          )}
          <Button size="small" aria-expanded={looking} onClick={() => setLooking(!looking)}>
            {t("clean.look")}
          </Button>
        </div>
      }
    >
      <Rules source={source} />
      {looking && <Suggested source={source} />}
    </Panel>
  );
}

/** What is cleaned, column by column. */
function Rules({ source }: { source: Source }) {
  const { t } = useLanguage();
  const leave = useChange("delete", "/sources/{source_id}/cleaning/{column}");
  const clean = Object.entries((source.mapping as { clean?: Record<string, object[]> } | null)?.clean ?? {});
  if (clean.length === 0) return <p className="muted small">{t("clean.none")}</p>;
  return (
    <>
      <ul className="list" aria-label={t("clean.rules")}>
        {clean.map(([column, steps]) => (
          <li key={column}>
            <strong dir="auto">{column}</strong>
            {steps.map((step) => (
              <Told key={JSON.stringify(step)} step={step} />
            ))}
            <span className="spring" />
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              loading={leave.isPending}
              aria-label={t("clean.leave", { column })}
              onClick={() => leave.mutate({ path: { source_id: source.id, column } })}
            />
          </li>
        ))}
      </ul>
      {leave.error && <Oops error={leave.error} />}
    </>
  );
}

/** What looks wrong in the file, and the step that mends it. */
function Suggested({ source }: { source: Source }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const found = useAnswer("/sources/{source_id}/cleaning", { path: { source_id: source.id } });
  const add = useChange("post", "/sources/{source_id}/cleaning");
  const take = async ({ column, step }: Step) => {
    await add.mutateAsync({ path: { source_id: source.id }, body: { column, step } as never });
    void message.success(t("clean.taken"));
  };
  return (
    <div className="stack tight">
      <h3>{t("clean.suggested")}</h3>
      <Answered of={found} rows={2}>
        {({ steps }) =>
          steps.length === 0 ? (
            <p className="muted">{t("clean.nothing")}</p>
          ) : (
            <ul className="list">
              {steps.map((each) => (
                <li key={`${each.column} ${JSON.stringify(each.step)}`}>
                  <strong dir="auto">{each.column}</strong>
                  <Told step={each.step} />
                  <span className="muted small">{t("clean.records", { count: each.records })}</span>
                  <span className="spring" />
                  <Button size="small" icon={<PlusOutlined />} loading={add.isPending} onClick={() => void take(each).catch(() => undefined)}>
                    {t("clean.take")}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      {add.error && <Oops error={add.error} />}
    </div>
  );
}

/** A step: what it does, and with which values. */
function Told({ step }: { step: object }) {
  const { t } = useLanguage();
  const [kind = "", how] = Object.entries(step)[0] ?? [];
  return (
    <span className="row">
      <Tag>{t(`clean.step.${kind}`, { defaultValue: kind })}</Tag>
      {pairsOf(how).map((text) => (
        <code key={text} dir="auto" className="muted">
          {text}
        </code>
      ))}
    </span>
  );
}

/** The values of a step, as many as one reads. */
function pairsOf(how: unknown): string[] {
  if (Array.isArray(how)) return how.slice(0, 6).map(String);
  if (how !== null && typeof how === "object") return Object.entries(how).slice(0, 6).map(([from, to]) => `${from} → ${String(to)}`);
  return typeof how === "string" ? [how] : [];
}
