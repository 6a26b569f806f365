// What was refreshed and loaded, when, and what became of it.
import { Progress } from "antd";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { DataTable } from "../parts/DataTable";
import { RefreshNow } from "../parts/RefreshNow";
import { Answered, Nothing, Page, Panel } from "../parts/Page";
import type { Tone } from "../parts/Status";
import { Status } from "../parts/Status";
import { useFormat } from "../parts/format";
import { useFollowed } from "../parts/follow";
import { Schedules } from "./Schedules";

type Run = Schemas["runs"]["runs"][number];
const TONES: Record<string, Tone> = { done: "good", failed: "bad", running: "busy", interrupted: "warn" };

export function Runs() {
  const { t } = useLanguage();
  const { may } = useSession();
  const runs = useAnswer("/runs", { query: { limit: 50 } });
  const busy = runs.data?.runs.find((run) => ["running", "waiting"].includes(run.status));
  useFollowed(busy?.id);
  const button = may("run") && <RefreshNow disabled={Boolean(busy)} />;
  return (
    <Page title={t("nav.runs")} about={t("runs.about")} actions={button}>
      <Schedules />
      <Answered of={runs}>
        {({ runs: rows }) =>
          rows.length === 0 ? (
            <Panel>
              <Nothing action={button}>{t("runs.none")}</Nothing>
            </Panel>
          ) : (
            <RunTable rows={rows} />
          )
        }
      </Answered>
    </Page>
  );
}

function RunTable({ rows }: { rows: Run[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <Panel className="flush">
      <DataTable
        label={t("nav.runs")}
        rowKey="id"
        dataSource={rows}
        pagination={rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        expandable={{ columnTitle: <span className="sr">{t("runs.steps")}</span>, expandedRowRender: (run) => <Steps run={run} />, rowExpandable: (run) => run.steps.length > 0 || run.problem !== "" }}
        columns={[
          { title: t("runs.kind"), dataIndex: "kind", render: (kind: string) => t(`runs.kind.${kind}`, { defaultValue: kind }) },
          {
            title: t("runs.status"),
            dataIndex: "status",
            render: (status: string) => <Status tone={TONES[status] ?? "calm"}>{t(`runs.status.${status}`)}</Status>,
          },
          { title: t("shell.as_of"), dataIndex: "as_of", render: (day: string | null) => format.moment(day) },
          { title: t("runs.started"), dataIndex: "started_at", render: (at: string) => format.moment(at) },
          { title: t("runs.seconds"), dataIndex: "seconds", align: "end", render: (seconds: number | null) => format.number(seconds, 1) },
        ]}
      />
    </Panel>
  );
}

function Steps({ run }: { run: Run }) {
  const { t } = useLanguage();
  const format = useFormat();
  const longest = Math.max(...run.steps.map((step) => step.seconds), 0.001);
  return (
    <div className="stack tight">
      {run.problem && (
        <p className="bad" dir="auto">
          {run.problem}
        </p>
      )}
      <ul className="traits">
        {run.steps.map((step) => (
          <li key={step.name}>
            <span>
              {t(`runs.step.${step.name}`, { defaultValue: step.name })} {step.problem && <span className="bad">{step.problem}</span>}
            </span>
            <Progress percent={(step.seconds / longest) * 100} showInfo={false} size="small" aria-label={step.name} />
            <span className="num">{t("runs.took", { seconds: format.number(step.seconds, 1) })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
