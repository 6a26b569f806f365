// The rule as text and as SQL, and what each condition keeps.
import { useTranslation } from "react-i18next";

import { Panel } from "../../parts/Page";
import { shareOf } from "../../parts/count";
import { useFormat } from "../../parts/format";
import type { Shown } from "./Segment";

export function Rule({ of }: { of: Shown }) {
  const { t } = useTranslation();
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
          <pre className="sql code" dir="ltr" tabIndex={0}>
            {of.sql}
          </pre>
        </details>
      </Panel>
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
