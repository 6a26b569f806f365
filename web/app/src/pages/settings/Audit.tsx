// What was done, by whom and when; entries are only added.


import { usePages } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { DataTable } from "../../parts/DataTable";
import { More } from "../../parts/More";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { useFormat } from "../../parts/format";

const TONES: Record<string, "good" | "bad" | "warn"> = { done: "good", refused: "warn", failed: "bad" };

// What an operation is about, as the rest of the page calls it.
const NOUNS: Record<string, string> = {
  audit: "settings.audit", buying: "nav.value", checks: "data.checks", customers: "nav.customers", duplicates: "duplicates.tab",
  erasures: "settings.erasure", exports: "action.export", found: "nav.discover", keys: "settings.keys", lists: "builder.lists",
  people: "settings.people", rules: "nav.builder", runs: "nav.runs", schedules: "schedules.title", segments: "nav.segments",
  sessions: "sign_in.title", sources: "files.tab", workspace: "settings.workspace",
};
const DEEDS: [string, RegExp][] = [
  ["removed", /_(remove|reset|revoke|forget|erase|leave)$/],
  ["exported", /^exports_|_rejected$/],
  ["ran", /_(refresh|run|load|rehearse|fit|discover|cancel)$|^(found|duplicates)_find$/],
  ["changed", /_(save|write|add|use|change|change_password|decide|keep|keep_moved|freeze|split|apply|agree|read_as|clean|merge|refuse|undo|send|take)$/],
];

/** An operation in words, with its name for who looks for just that. */
function What({ of }: { of: string }) {
  const { t } = useLanguage();
  const noun = of.split("_")[0] ?? "";
  const deed = DEEDS.find(([, names]) => names.test(of))?.[0] ?? "seen";
  return (
    <div className="name-cell">
      <span>
        {t(NOUNS[noun] ?? `audit.noun.${noun}`, { defaultValue: noun })}
        {noun !== "sessions" && <span className="muted"> · {t(`audit.did.${deed}`)}</span>}
      </span>
      <code className="muted" dir="ltr">
        {of}
      </code>
    </div>
  );
}

export function Audit() {
  const { t } = useLanguage();
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
              { title: t("audit.what"), dataIndex: "what", render: (what: string) => <What of={what} /> },
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
