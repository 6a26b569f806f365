// What was done, by whom and when; entries are only added.

import { useTranslation } from "react-i18next";

import { usePages } from "../../api/hooks";
import { DataTable } from "../../parts/DataTable";
import { More } from "../../parts/More";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { useFormat } from "../../parts/format";

const TONES: Record<string, "good" | "bad" | "warn"> = { done: "good", refused: "warn", failed: "bad" };

export function Audit() {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = usePages("/audit", { query: { limit: 50 } });
  const rows = pages.data?.pages.flatMap((page) => page.entries);
  return (
    <Answered of={pages}>
      {() => (
        <Panel className="flush" title={t("settings.audit")} about={t("audit.about")}>
          <DataTable
            label={t("settings.audit")}
            rowKey="number"
            size="middle"
            dataSource={rows}
            pagination={false}
            locale={{ emptyText: <Nothing>{t("audit.none")}</Nothing> }}
            columns={[
              { title: t("audit.at"), dataIndex: "at", render: (at: string) => format.moment(at) },
              { title: t("audit.who"), key: "who", render: (_, entry) => entry.name ?? entry.who },
              { title: t("audit.what"), dataIndex: "what", render: (what: string) => what.replaceAll("_", " ") },
              { title: t("audit.object"), dataIndex: "object", render: (object: object) => Object.values(object).map(String).join(", ") },
              { title: t("word.customers"), dataIndex: "customers", align: "end", render: (customers: number | null) => format.number(customers) },
              { title: t("runs.status"), dataIndex: "outcome", render: (outcome: string) => <Status tone={TONES[outcome] ?? "good"}>{t(`audit.${outcome}`, { defaultValue: outcome })}</Status> },
            ]}
          />
          <More of={pages} />
        </Panel>
      )}
    </Answered>
  );
}
