// Trying what loading would do, and loading: how many records were taken, and which were not.
import { DownloadOutlined } from "@ant-design/icons";
import { Alert, Button, Progress, Result } from "antd";
import { useEffect, useRef, useState } from "react";

import type { Schemas } from "../../api/client";
import { download } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { Oops } from "../../parts/Oops";
import { Panel, Scroll } from "../../parts/Page";
import { RefreshNow } from "../../parts/RefreshNow";
import { problemOf, useFollowed } from "../../parts/follow";
import { useFormat } from "../../parts/format";

type Counts = Record<"records" | "accepted" | "updated" | "unchanged" | "rejected", number>;
interface Loaded {
  entities: Record<string, Counts>;
  treatments: { entity: string; kind: string; records: number; policy: string }[];
  notices: string[];
}
interface LoadingProps {
  source: Schemas["source"];
  kind: "rehearsal" | "load";
  onBack: () => void;
  onNext: () => void;
}

export function Loading({ source, kind, onBack, onNext }: LoadingProps) {
  const { t } = useLanguage();
  const start = useChange("post", kind === "load" ? "/sources/{source_id}/load" : "/sources/{source_id}/rehearsal");
  const [number, setNumber] = useState<number>();
  const begun = useRef(false);
  const run = useFollowed(number);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    start.mutate({ path: { source_id: source.id } }, { onSuccess: ({ id }) => setNumber(id) });
  }, [start, source.id]);
  const failed = run && ["failed", "cancelled", "interrupted"].includes(run.status);
  const result = run?.status === "done" ? (run.result as unknown as Loaded) : undefined;
  return (
    <>
      <Panel title={t(`import.${kind}`)} about={t(`import.${kind}_about`)}>
        {start.error && <Oops error={start.error} />}
        {failed && <Oops error={problemOf(run)} />}
        {!result && !failed && !start.error && (
          <Progress percent={Math.round((run?.progress?.share_done ?? 0) * 100)} status="active" aria-label={t(`import.${kind}`)} />
        )}
        {result && <Taken of={result} />}
      </Panel>
      {result && kind === "load" ? <Done source={source} rejected={rejectedOf(result)} /> : null}
      {kind === "rehearsal" && (
        <div className="row end">
          <Button onClick={onBack}>{t("import.fix")}</Button>
          <Button type="primary" disabled={!result} onClick={onNext}>
            {t("import.to_load")}
          </Button>
        </div>
      )}
    </>
  );
}

function Taken({ of }: { of: Loaded }) {
  const { t } = useLanguage();
  const format = useFormat();
  const entities = useAnswer("/entities");
  const label = (name: string) => entities.data?.entities.find((each) => each.name === name)?.label ?? name;
  return (
    <>
      <Scroll label={t("import.taken")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("import.table")}</th>
              {(["records", "accepted", "updated", "unchanged", "rejected"] as const).map((each) => (
                <th key={each} scope="col" className="num">
                  {t(`import.${each}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(of.entities).map(([name, counts]) => (
              <tr key={name}>
                <th scope="row">{label(name)}</th>
                {(["records", "accepted", "updated", "unchanged"] as const).map((each) => (
                  <td key={each} className="num">
                    {format.number(counts[each])}
                  </td>
                ))}
                <td className={`num ${counts.rejected ? "bad" : ""}`}>{format.number(counts.rejected)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {of.notices.map((notice) => (
        <p key={notice} className="muted small" dir="auto">
          {notice}
        </p>
      ))}
    </>
  );
}

function Done({ source, rejected }: { source: Schemas["source"]; rejected: number }) {
  const { t } = useLanguage();
  return (
    <Panel>
      {rejected > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("import.rejected_some", { count: rejected })}
          action={
            <Button icon={<DownloadOutlined />} onClick={() => void download(`/api/v1/sources/${source.id}/rejected`, "rejected.csv")}>
              {t("import.download")}
            </Button>
          }
        />
      )}
      <Result
        status="success"
        title={t("import.done")}
        subTitle={t("import.done_about")}
        extra={<RefreshNow />}
      />
    </Panel>
  );
}

const rejectedOf = (of: Loaded) => Math.max(0, ...Object.values(of.entities).map((each) => each.rejected));
