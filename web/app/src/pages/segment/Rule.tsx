// The rule as text and as SQL, and what each condition keeps.
import { Select } from "antd";
import { useState } from "react";

import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { Oops } from "../../parts/Oops";
import { Panel } from "../../parts/Page";
import { shareOf } from "../../parts/count";
import { useFormat } from "../../parts/format";
import type { Shown } from "./Segment";

export function Rule({ of }: { of: Shown }) {
  const { t } = useLanguage();
  return (
    <div className="columns">
      <Panel title={t("rule.conditions")} about={t("rule.conditions_about")}>
        <Kept of={of.kept.length > 1 ? of.kept : of.conditions} base={of.of} />
      </Panel>
      <Panel title={t("rule.text")}>
        <pre className="sql code" dir="ltr" tabIndex={0}>
          {of.rule}
        </pre>
        <details>
          <summary>{t("rule.sql")}</summary>
          <Sql of={of} />
        </details>
      </Panel>
    </div>
  );
}

const DIALECTS = { duckdb: "DuckDB", postgresql: "PostgreSQL", spark: "Spark", bigquery: "BigQuery", clickhouse: "ClickHouse", snowflake: "Snowflake" } as const;

/** What was executed, or the same from the facts alone in the dialect of an engine. */
function Sql({ of }: { of: Shown }) {
  const { t } = useLanguage();
  const [dialect, setDialect] = useState<keyof typeof DIALECTS | "">("");
  const asked = useAnswer("/segments/{name}/sql", { path: { name: of.name }, query: { dialect: dialect || "duckdb" } }, { enabled: dialect !== "", keep: true });
  const shown = dialect === "" ? of : asked.data;
  const options = [{ value: "", label: t("rule.executed") }, ...Object.entries(DIALECTS).map(([value, label]) => ({ value, label }))];
  return (
    <div className="stack">
      <Select aria-label={t("rule.dialect")} value={dialect} onChange={setDialect} options={options as { value: typeof dialect; label: string }[]} />
      {asked.error && <Oops error={asked.error} />}
      {dialect !== "" && asked.data?.executed === false && <p className="muted">{t("rule.not_executed", { dialect: DIALECTS[dialect] })}</p>}
      <pre className="sql code" dir="ltr" tabIndex={0}>
        {shown?.sql}
      </pre>
    </div>
  );
}

/** How many are left after each condition, as bars that narrow. */
export function Kept({ of, base, stacked = false }: { of: { text: string; customers: number | null }[]; base: number | null; stacked?: boolean }) {
  const format = useFormat();
  return (
    <ul className={stacked ? "traits stacked" : "traits"}>
      {of.map((each, place) => (
        <li key={`${place} ${each.text}`}>
          <code className="trait-name" dir="ltr">
            {each.text}
          </code>
          <span className="trait-bar" aria-hidden>
            <i style={{ width: `${(shareOf(each.customers, base) ?? 0) * 100}%` }} />
          </span>
          <span className="num">{format.number(each.customers)}</span>
        </li>
      ))}
    </ul>
  );
}
