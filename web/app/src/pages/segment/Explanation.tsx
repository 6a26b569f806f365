// Why a customer is in a segment or not: each condition, the value, and the rows behind it.
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { Basis } from "../../parts/Basis";
import { Answered, Scroll } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { useFormat } from "../../parts/format";

type Condition = Schemas["segments-explain"]["conditions"][number];

export function Explanation({ name, id }: { name: string; id: string }) {
  const { t } = useTranslation();
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
            <One key={condition.text} of={condition} />
          ))}
          <Basis of={why} />
        </div>
      )}
    </Answered>
  );
}

function One({ of }: { of: Condition }) {
  const { t } = useTranslation();
  const value = of.value === null || of.value === undefined ? t("explain.missing") : String(of.value);
  return (
    <section className="condition-card">
      <div className="row">
        {of.met ? <CheckCircleFilled className="good" aria-label={t("explain.met")} /> : <CloseCircleFilled className="bad" aria-label={t("explain.not_met")} />}
        <code dir="ltr">{of.text}</code>
        {of.decisive && <Tag>{t("explain.decisive")}</Tag>}
      </div>
      <p>
        {t("explain.value")} <strong dir="auto">{value}</strong>
      </p>
      {of.change && (
        <p className="muted" dir="auto">
          {of.change}
        </p>
      )}
      {of.evidence.length > 0 && <Evidence rows={of.evidence} />}
    </section>
  );
}

function Evidence({ rows }: { rows: Condition["evidence"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "fact");
  const write = (value: unknown) => {
    if (value === null || value === undefined) return "–";
    if (typeof value === "number") return format.number(value, 2);
    return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? format.moment(value) : String(value);
  };
  return (
    <details>
      <summary>{t("explain.evidence", { count: rows.length })}</summary>
      <Scroll label={t("explain.evidence", { count: rows.length })}>
        <table className="plain">
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                {names.map((name) => (
                  <td key={name} dir="auto">
                    {write((row as Record<string, unknown>)[name])}
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
