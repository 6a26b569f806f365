// Groups that are looked for: those that stand out, and natural ones; each can be kept.
import { SearchOutlined } from "@ant-design/icons";
import { Button, InputNumber, Progress, Select, Space } from "antd";
import { useState } from "react";

import type { Schemas } from "../api/client";
import { useAnswer, useChange } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { Basis } from "../parts/Basis";
import { CellButton, useCell } from "../parts/Cells";
import { Interval } from "../parts/Interval";
import { Oops, useTell } from "../parts/Oops";
import { Answered, Nothing, Page, Panel } from "../parts/Page";
import { Status } from "../parts/Status";
import { problemOf, useFollowed } from "../parts/follow";
import { useFormat } from "../parts/format";
import { Clusters } from "./discover/Clusters";

type Found = NonNullable<Schemas["discoveries"]["latest"]>;
type Group = Found["groups"][number];
const LATER = { held: "good", turned: "bad", unsaid: "calm", none: "calm" } as const;
const OUTCOMES = ["revenue", "profit", "orders", "bought_again"] as const;

export function Discover() {
  const { t } = useLanguage();
  const { may } = useSession();
  const latest = useAnswer("/discoveries");
  return (
    <Page title={t("nav.discover")} about={t("discover.about")}>
      {may("define") && <Search />}
      <Answered of={latest} rows={8}>
        {({ latest: found }) =>
          found ? (
            <Panel title={t("discover.found")} about={<span dir="auto">{found.sentence}</span>}>
              <div className="stack tight">
                {found.groups.map((group) => (
                  <One key={group.number} of={group} by={found.by} />
                ))}
              </div>
              {found.groups.length === 0 && <Nothing>{t("discover.nothing")}</Nothing>}
              <Basis of={found} />
            </Panel>
          ) : (
            <Panel>
              <Nothing>{t("discover.none")}</Nothing>
            </Panel>
          )
        }
      </Answered>
      <Clusters />
    </Page>
  );
}

function Search() {
  const { t } = useLanguage();
  const tell = useTell();
  const [by, setBy] = useState<string>("revenue");
  const [days, setDays] = useState(90);
  const [number, setNumber] = useState<number>();
  const start = useChange("post", "/discoveries");
  const run = useFollowed(number);
  const busy = start.isPending || (run !== undefined && ["waiting", "running"].includes(run.status));
  const look = async () => {
    try {
      setNumber((await start.mutateAsync({ body: { by, days } as Schemas["Outstanding"] })).id);
    } catch (error) {
      tell(error);
    }
  };
  return (
    <Panel title={t("discover.look")} about={t("discover.look_about")}>
      <Space wrap>
        <Select aria-label={t("discover.by")} value={by} onChange={setBy} style={{ minWidth: 200 }} options={OUTCOMES.map((value) => ({ value, label: t(`discover.by.${value}`) }))} />
        <InputNumber aria-label={t("discover.days")} min={1} max={3650} precision={0} value={days} onChange={(value) => value && setDays(value)} suffix={t("unit.day", { count: days })} style={{ width: 140 }} />
        <Button type="primary" icon={<SearchOutlined />} loading={busy} onClick={() => void look()}>
          {t("discover.start")}
        </Button>
      </Space>
      {busy && run?.progress && (
        <Progress percent={Math.round((run.progress.share_done ?? 0) * 100)} aria-label={run.progress.step} status="active" />
      )}
      {run?.status === "failed" && <Oops error={problemOf(run)} />}
    </Panel>
  );
}

function One({ of, by }: { of: Group; by: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const open = useCell();
  const write = by === "revenue" || by === "profit" ? (value: number | null) => format.money(value) : (value: number | null) => format.number(value, 2);
  return (
    <article className="condition-card">
      <div className="row" style={{ alignItems: "flex-start" }}>
        <p className="said-small" dir="auto">
          {of.sentence}
        </p>
        <span className="spring" />
        <Button size="small" onClick={() => open({ rule: of.rule })}>
          {t("save.as_segment")}
        </Button>
      </div>
      <dl className="facts">
        <div>
          <dt>{t("word.customers")}</dt>
          <dd>
            <CellButton cell={{ rule: of.rule }}>{format.number(of.customers)}</CellButton> <span className="muted">{format.share(of.customer_share)}</span>
          </dd>
        </div>
        <div>
          <dt>{t("discover.each")}</dt>
          <dd><Interval of={of.each} write={write} /></dd>
        </div>
        <div>
          <dt>{t("discover.others")}</dt>
          <dd><Interval of={of.others} write={write} /></dd>
        </div>
        <div>
          <dt>{t("discover.lift")}</dt>
          <dd><Interval of={of.lift} write={format.index} /></dd>
        </div>
        <div>
          <dt>{t("discover.later")}</dt>
          <dd><Status tone={LATER[of.later]}>{t(`discover.later.${of.later}`)}</Status></dd>
        </div>
      </dl>
      {of.warnings.map((each) => (
        <p key={each.feature} className="warn small" dir="auto">
          {each.sentence}
        </p>
      ))}
    </article>
  );
}
