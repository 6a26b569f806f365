// Whether it is worth acting on: how big, how stable, how unlike the others, and what it brings.

import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { Interval } from "../../parts/Interval";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { points, useFormat } from "../../parts/format";

const TONES = { good: "good", fair: "warn", poor: "bad", unsaid: "calm" } as const;

export function Worth({ name }: { name: string }) {
  return (
    <div className="columns">
      <Money name={name} />
      <Judged name={name} />
    </div>
  );
}

function Judged({ name }: { name: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const judged = useAnswer("/segments/{name}/worthwhile", { path: { name } });
  const said = ([figure, value]: [string, unknown]) => {
    if (figure === "verdict") return t(`backtest.said.${String(value)}`);
    if (typeof value !== "number") return t(`worth.by.${figure}`, { value, defaultValue: "" });
    const share = figure.endsWith("_share") || figure === "stayed";
    return t(`worth.by.${figure}`, { value: share ? format.share(value) : figure === "bought_more" ? points(value, format, t) : format.number(value) });
  };
  return (
    <Panel title={t("worth.judged")} about={t("worth.judged_about")}>
      <Answered of={judged}>
        {({ findings }) => (
          <ul className="list">
            {findings.map((finding) => (
              <li key={finding.criterion}>
                <strong>{t(`worth.${finding.criterion}`)}</strong>
                <Status tone={TONES[finding.grade]}>{t(`worth.grade.${finding.grade}`)}</Status>
                <span className="muted small">
                  {Object.entries(finding.evidence)
                    .filter(([, value]) => typeof value === "number" || typeof value === "string")
                    .map(said)
                    .join(" · ")}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Panel>
  );
}

function Money({ name }: { name: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const value = useAnswer("/values", { query: { of: [name] } });
  return (
    <Panel title={t("worth.money")} about={t("worth.money_about")}>
      <Answered of={value}>
        {({ segments: [found], missing }) => {
          if (!found) return <Nothing>{t("worth.nothing")}</Nothing>;
          const rows = [
            ["revenue_share", <Interval of={found.revenue_share} write={format.share} />],
            ["revenue_per_customer", <Interval of={found.revenue_per_customer} write={format.money} />],
            ["more_than_others", <Interval of={found.more_than_others} write={format.money} />],
            ["order_value", <Interval of={found.order_value} write={(value) => format.money(value, 2)} />],
            ["orders_per_customer", <Interval of={found.orders_per_customer} write={(each) => format.number(each, 1)} />],
            ["retention", <Interval of={found.retention} write={format.share} />],
            ["best_share", <Interval of={found.best_share} write={format.share} />],
          ] as const;
          return (
            <>
              <table className="plain">
                <tbody>
                  {rows.map(([key, shown]) => (
                    <tr key={key}>
                      <th scope="row">{t(`worth.${key}`)}</th>
                      <td className="num">{shown}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {missing.map((each) => (
                <p key={each} className="muted small">
                  {t(`worth.lacks.${each.split(":")[0]}`, { defaultValue: each })}
                </p>
              ))}
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}
