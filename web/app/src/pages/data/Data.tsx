// The data: how far to trust them, what every check found, and what to do about it.
import { UploadOutlined } from "@ant-design/icons";
import { Button, Progress, Segmented } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useGo } from "../../app/address";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { useWorkspace } from "../../app/workspace";
import { DataTable } from "../../parts/DataTable";
import { Answered, Figure, Figures, Nothing, Page, Panel } from "../../parts/Page";
import type { Tone } from "../../parts/Status";
import { Status } from "../../parts/Status";
import { Tabs } from "../../parts/Tabs";
import { useFormat } from "../../parts/format";
import { Duplicates } from "./Duplicates";
import { Files } from "./Files";

type Check = Schemas["check"]["checks"][number];
const TONES: Record<Check["severity"], Tone> = { error: "bad", warning: "warn", info: "calm" };

export function Data() {
  const { t } = useLanguage();
  const go = useGo();
  const { may } = useSession();
  const { as_of: loaded } = useWorkspace();
  const button = may("load") && (
    <Button type="primary" icon={<UploadOutlined />} onClick={() => go("/data/import")}>
      {t("overview.load")}
    </Button>
  );
  return (
    <Page title={t("nav.data")} about={t("data.about")} actions={button}>
      {loaded ? (
        <Tabs
          label={t("nav.data")}
          tabs={[
            { key: "checks", label: t("data.checks"), children: <Checks /> },
            ...(may("load") ? [{ key: "files", label: t("files.tab"), children: <Files /> }] : []),
            ...(may("personal") ? [{ key: "duplicates", label: t("duplicates.tab"), children: <Duplicates /> }] : []),
          ]}
        />
      ) : (
        <Panel>
          <Nothing action={button}>{t("overview.empty")}</Nothing>
        </Panel>
      )}
    </Page>
  );
}

function Checks() {
  const { t } = useLanguage();
  const format = useFormat();
  const found = useAnswer("/checks");
  const [which, setWhich] = useState<"failed" | "all">("failed");
  return (
    <Answered of={found} rows={8}>
      {({ checks, trust, data_through: through }) => {
        const failed = checks.filter((each) => !each.passed);
        return (
          <>
            <Figures>
              <Figure label={t("overview.trust")} value={format.number(trust)} note={<Progress percent={trust ?? 0} showInfo={false} size="small" aria-label={t("overview.trust")} />} />
              <Figure label={t("data.failed")} value={format.number(failed.length)} note={t("data.of_checks", { count: checks.length })} />
              <Figure label={t("data.through")} value={<span className="figure-day">{format.day(through)}</span>} />
            </Figures>
            <Panel
              className="flush"
              title={t("data.checks")}
              extra={
                <Segmented<"failed" | "all">
                  aria-label={t("data.which")}
                  value={which}
                  onChange={setWhich}
                  options={(["failed", "all"] as const).map((value) => ({ value, label: t(`data.which.${value}`) }))}
                />
              }
            >
              <CheckTable rows={which === "all" ? checks : failed} />
            </Panel>
          </>
        );
      }}
    </Answered>
  );
}

function CheckTable({ rows }: { rows: Check[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <DataTable
      label={t("data.checks")}
      rowKey={(check) => `${check.entity} ${check.name}`}
      dataSource={rows}
      pagination={rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      locale={{ emptyText: <Nothing>{t("data.all_passed")}</Nothing> }}
      columns={[
        {
          title: t("data.check"),
          key: "check",
          render: (_, check) => (
            <div className="name-cell wide-cell">
              <span dir="auto">{check.message}</span>
              {!check.passed && (
                <span className="sentence" dir="auto">
                  {check.fix}
                </span>
              )}
            </div>
          ),
        },
        {
          title: t("runs.status"),
          key: "status",
          render: (_, check) => <Status tone={check.passed ? "good" : TONES[check.severity]}>{t(check.passed ? "data.passed" : `data.${check.severity}`)}</Status>,
        },
        {
          title: t("data.failing"),
          key: "failing",
          align: "end",
          sorter: (a, b) => a.failing / (a.of || 1) - b.failing / (b.of || 1),
          render: (_, check) => (
            <span>
              {format.number(check.failing)} <span className="muted">{format.share(check.of ? check.failing / check.of : null)}</span>
            </span>
          ),
        },
      ]}
    />
  );
}
