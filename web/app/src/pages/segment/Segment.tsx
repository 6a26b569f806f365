// One segment: what it is, who is in it, how it went, what to do.
import { DeleteOutlined, DownloadOutlined, EditOutlined } from "@ant-design/icons";
import { Button, Popconfirm, Tag } from "antd";
import { useState } from "react";
import { useParams } from "react-router";

import type { Schemas } from "../../api/client";
import { address, download } from "../../api/client";
import { useAnswer, useChange, useContextQuery } from "../../api/hooks";
import { useGo } from "../../app/address";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Basis } from "../../parts/Basis";
import { useTell } from "../../parts/Oops";
import { Link } from "../../parts/Link";
import { Answered, Figure, Figures, Page } from "../../parts/Page";
import { Tabs } from "../../parts/Tabs";
import { shareOf } from "../../parts/count";
import { useFormat } from "../../parts/format";
import { Afterwards } from "./Afterwards";
import { Card } from "./Card";
import { History } from "./History";
import { Members } from "./Members";
import { Playbook } from "./Playbook";
import { Rule } from "./Rule";
import { Worth } from "./Worth";

export type Shown = Schemas["segments-show"];

export function Segment() {
  const { name = "" } = useParams();
  const { t } = useLanguage();
  const shown = useAnswer("/segments/{name}", { path: { name } });
  const title = shown.data?.label || name;
  return (
    <Page
      title={title}
      about={<span dir="auto">{shown.data?.sentence}</span>}
      back={
        <Link to="/segments" className="back">
          {t("nav.segments")}
        </Link>
      }
      actions={<Actions name={name} usedBy={shown.data?.used_by ?? []} />}
    >
      <Answered of={shown}>{(segment) => <Inside segment={segment} />}</Answered>
    </Page>
  );
}

function Actions({ name, usedBy }: { name: string; usedBy: string[] }) {
  const { t } = useLanguage();
  const { may } = useSession();
  const tell = useTell();
  const go = useGo();
  const remove = useChange("delete", "/segments/{name}");
  const context = useContextQuery();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await download(address("/segments/{name}/export", { name }, { ...context, format: "csv" }), `${name}.csv`);
    } catch (error) {
      tell(error);
    }
    setBusy(false);
  };
  const file = may("export") && may("personal") && (
    <Button icon={<DownloadOutlined />} loading={busy} onClick={() => void save()}>
      {t("action.export")}
    </Button>
  );
  if (!may("define")) return file;
  const gone = async () => {
    try {
      await remove.mutateAsync({ path: { name } });
      go("/segments");
    } catch (error) {
      tell(error);
    }
  };
  return (
    <>
      {file}
      <Popconfirm
        title={t("segment.remove_sure")}
        description={usedBy.length ? t("segment.remove_used", { by: usedBy.join(", ") }) : t("segment.remove_about")}
        onConfirm={() => void gone()}
        okText={t("action.remove")}
      >
        <Button icon={<DeleteOutlined />}>{t("action.remove")}</Button>
      </Popconfirm>
      <Button type="primary" icon={<EditOutlined />} onClick={() => go(`/builder?segment=${encodeURIComponent(name)}`)}>
        {t("action.edit")}
      </Button>
    </>
  );
}

function Inside({ segment }: { segment: Shown }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const card = useAnswer("/segments/{name}/card", { path: { name: segment.name } });
  const wait = card.isPending ? "…" : null;
  const share = shareOf(segment.customers, segment.of);
  const tabs = [
    { key: "card", label: t("segment.card"), children: <Answered of={card} rows={8}>{(found) => <Card of={found} />}</Answered> },
    { key: "history", label: t("segment.history"), children: <History name={segment.name} /> },
    may("personal") && { key: "members", label: t("segment.members"), children: <Members name={segment.name} /> },
    { key: "playbook", label: t("playbook.tab"), children: <Playbook name={segment.name} /> },
    { key: "worth", label: t("segment.worth"), children: <Worth name={segment.name} /> },
    { key: "backtest", label: t("backtest.tab"), children: <Afterwards name={segment.name} /> },
    { key: "rule", label: t("segment.rule"), children: <Rule of={segment} /> },
  ].filter((tab) => tab !== false);
  return (
    <>
      <Figures>
        <Figure label={t("word.customers")} value={format.number(segment.customers)} note={t("segments.of_base", { share: format.share(share) })} />
        <Figure label={t("word.revenue")} value={wait ?? format.compactMoney(card.data?.revenue_amount)} note={wait ?? t("segment.of_revenue", { share: format.share(card.data?.revenue_share) })} />
        <Figure label={t("segments.per_customer")} value={wait ?? format.money(shareOf(card.data?.revenue_amount, segment.customers))} />
        <Figure label={t("segment.missing")} value={format.number(segment.missing_decided)} note={t("segment.missing_about")} />
        <Figure
          label={t("segment.used_by")}
          value={format.number(segment.used_by.length)}
          note={segment.used_by.length ? segment.used_by.map((each) => <Tag key={each}>{each}</Tag>) : t("segment.used_by_none")}
        />
      </Figures>
      <Tabs tabs={tabs} label={segment.label || segment.name} />
      <Basis of={segment} />
    </>
  );
}
