// Why a customer is in a segment or not: each condition, the value, and the rows behind it.
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { Tag } from "antd";

import type { Schemas } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { Basis } from "../../parts/Basis";
import { Answered, Scroll } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { useWritten } from "../../parts/format";

type Why = Schemas["segments-explain"];
type Condition = Why["conditions"][number];

export function Explanation({ name, id }: { name: string; id: string }) {
  const { t } = useLanguage();
  const found = useAnswer("/segments/{name}/members/{customer_id}", { path: { name, customer_id: id } });
  return (
    <Answered of={found}>
      {(why) => (
        <div className="stack tight">
          <p>
            <Status tone={why.member ? "good" : "calm"}>{t(why.member ? "explain.in" : "explain.out")}</Status>{" "}
            <span dir="auto">{why.sentence}</span>
          </p>
          {why.conditions.map((condition) => (
            <One key={condition.text} of={condition} fields={why.fields} />
          ))}
          <Basis of={why} />
        </div>
      )}
    </Answered>
  );
}

function One({ of, fields }: { of: Condition; fields: Why["fields"] }) {
  const { t } = useLanguage();
  const written = useWritten();
  const missing = of.value === null || of.value === undefined;
  return (
    <section className="condition-card">
      <div className="row">
        {of.met ? <CheckCircleFilled className="good" aria-label={t("explain.met")} /> : <CloseCircleFilled className="bad" aria-label={t("explain.not_met")} />}
        <strong dir="auto">{of.sentence}</strong>
        {of.decisive && <Tag>{t("explain.decisive")}</Tag>}
      </div>
      <p>
        {t("explain.value")} <strong dir="auto">{missing ? t("explain.missing") : written(of.value)}</strong>
      </p>
      <p className="muted small">
        {t("explain.turned")} <span dir="auto">{of.turned}</span>
      </p>
      <p className="muted small">
        <code dir="ltr">{of.text}</code>
      </p>
      {of.evidence.length > 0 && <Evidence rows={of.evidence} fields={fields} />}
    </section>
  );
}

function Evidence({ rows, fields }: { rows: Condition["evidence"]; fields: Why["fields"] }) {
  const { t } = useLanguage();
  const written = useWritten();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "fact");
  const numeric = (name: string) => ["number", "integer", "money"].includes(fields[name]?.type ?? "");
  return (
    <details>
      <summary>{t("explain.evidence", { count: rows.length })}</summary>
      <Scroll label={t("explain.evidence", { count: rows.length })}>
        <table className="plain">
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col" className={numeric(name) ? "num" : ""}>
                  {fields[name]?.label ?? name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                {names.map((name) => (
                  <td key={name} className={numeric(name) ? "num" : ""}>
                    <bdi>{written((row as Record<string, unknown>)[name], fields[name]?.type)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
