// Natural groups: whether there are any, why, how sure each is, and each as a rule to keep.
import { SearchOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Progress, Select, Space } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Basis } from "../../parts/Basis";
import { CellButton, useCell } from "../../parts/Cells";
import { Link } from "../../parts/Link";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel, Scroll } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { problemOf, useFollowed } from "../../parts/follow";
import { useFormat } from "../../parts/format";

type Latest = NonNullable<Schemas["clusters"]["latest"]>;
type One = Latest["clusters"][number];
const NUMBERS = [2, 3, 4, 5, 6, 7, 8];
const STABLE = 0.75;

export function Clusters() {
  const { t } = useLanguage();
  const { may } = useSession();
  const found = useAnswer("/clusters");
  return (
    <Panel title={t("clusters.title")} about={t("clusters.about")}>
      {may("define") && <Search />}
      <Answered of={found} rows={6}>
        {({ latest, saved }) =>
          latest ? (
            <>
              <Verdict of={latest} />
              {latest.clusters.length > 0 && <Groups of={latest} />}
              {saved.length > 0 && <Saved names={saved} />}
              <Basis of={latest} />
            </>
          ) : (
            <Nothing>{t("clusters.none")}</Nothing>
          )
        }
      </Answered>
    </Panel>
  );
}

function Search() {
  const { t } = useLanguage();
  const format = useFormat();
  const tell = useTell();
  const known = useAnswer("/features");
  const [features, setFeatures] = useState<string[]>([]);
  const [anyway, setAnyway] = useState<number | null>(null);
  const [number, setNumber] = useState<number>();
  const [keeping, setKeeping] = useState(false);
  const find = useChange("post", "/clusters");
  const keep = useChange("put", "/clusters/{name}");
  const run = useFollowed(number);
  const busy = find.isPending || keep.isPending || (run !== undefined && ["waiting", "running"].includes(run.status));
  const body = { features, anyway, seed: 1 };
  const start = async (asked: Promise<{ id: number }>) => {
    try {
      setNumber((await asked).id);
      setKeeping(false);
    } catch (error) {
      tell(error);
    }
  };
  const offered = known.data?.features.filter((each) => each.type !== "instant" && each.type !== "date") ?? [];
  return (
    <>
      <Space wrap className="asked">
        <Select
          mode="multiple"
          aria-label={t("clusters.features")}
          placeholder={t("clusters.usual")}
          value={features}
          onChange={setFeatures}
          maxCount={12}
          maxTagCount={2}
          style={{ width: 300, maxWidth: "100%" }}
          showSearch={{ optionFilterProp: "label" }}
          options={offered.map((each) => ({ value: each.name, label: each.label }))}
        />
        <Select
          aria-label={t("clusters.number")}
          value={anyway ?? 0}
          onChange={(value) => setAnyway(value || null)}
          popupMatchSelectWidth={false}
          options={[{ value: 0, label: t("clusters.natural_only") }, ...NUMBERS.map((value) => ({ value, label: t("clusters.anyway", { number: value }) }))]}
        />
        <Button type="primary" icon={<SearchOutlined />} loading={busy} onClick={() => void start(find.mutateAsync({ body }))}>
          {t("discover.start")}
        </Button>
        <Button disabled={busy} onClick={() => setKeeping(true)}>
          {t("clusters.keep")}
        </Button>
      </Space>
      {busy && run?.progress && <Progress percent={Math.round((run.progress.share_done ?? 0) * 100)} aria-label={run.progress.step} status="active" format={(percent) => format.share((percent ?? 0) / 100, 0)} />}
      {run?.status === "failed" && <Oops error={problemOf(run)} />}
      <Modal open={keeping} title={t("clusters.keep")} footer={null} onCancel={() => setKeeping(false)} destroyOnHidden>
        <Keep onKeep={(name) => void start(keep.mutateAsync({ path: { name }, body }))} />
      </Modal>
    </>
  );
}

function Keep({ onKeep }: { onKeep: (name: string) => void }) {
  const { t } = useLanguage();
  return (
    <Form layout="vertical" onFinish={({ name }: { name: string }) => onKeep(name)}>
      <p className="muted">{t("clusters.keep_about")}</p>
      <Form.Item name="name" label={t("save.name")} extra={t("save.name_about")} rules={[{ required: true, message: t("form.required") }]}>
        <Input dir="ltr" maxLength={63} autoFocus />
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {t("action.save")}
      </Button>
    </Form>
  );
}

function Verdict({ of }: { of: Latest }) {
  return (
    <div className="verdict">
      <Status tone={of.natural ? "good" : "calm"}>
        <span dir="auto">{of.verdict}</span>
      </Status>
      {of.reasons.map((reason) => (
        <p key={reason} className="muted small" dir="auto">
          {reason}
        </p>
      ))}
    </div>
  );
}

function Groups({ of }: { of: Latest }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <Scroll label={t("clusters.title")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("word.group")}</th>
            <th scope="col" className="num">{t("word.customers")}</th>
            <th scope="col" className="num">{t("clusters.stability")}</th>
            <th scope="col" className="num">{t("clusters.precision")}</th>
            <th scope="col" className="num">{t("clusters.recall")}</th>
            <th scope="col" className="num">{t("clusters.rule_customers")}</th>
            <th scope="col">
              <span className="sr">{t("save.as_segment")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.clusters.map((each) => (
            <Row key={each.id} of={each} />
          ))}
        </tbody>
      </table>
      <p className="muted small">
        {t("clusters.columns_about")} {of.accuracy !== null && t("clusters.accuracy", { share: format.share(of.accuracy) })}
      </p>
    </Scroll>
  );
}

function Row({ of }: { of: One }) {
  const { t } = useLanguage();
  const format = useFormat();
  const open = useCell();
  const cell = { rule: of.rule, label: of.label };
  return (
    <tr>
      <th scope="row" className="wide-cell">
        <strong dir="auto">{of.label}</strong>
        <p className="muted small" dir="auto">
          {of.sentence}
        </p>
      </th>
      <td className="num">
        {format.number(of.customers)} <span className="muted">{format.share(of.share, 0)}</span>
      </td>
      <td className="num">
        <Status tone={(of.stability ?? 0) >= STABLE ? "good" : "warn"}>{format.number(of.stability, 2)}</Status>
      </td>
      <td className="num">{format.share(of.precision, 0)}</td>
      <td className="num">{format.share(of.recall, 0)}</td>
      <td className="num">
        <CellButton cell={cell}>{format.number(of.rule_customers)}</CellButton>
      </td>
      <td className="num">
        <Button size="small" onClick={() => open(cell)}>
          {t("save.as_segment")}
        </Button>
      </td>
    </tr>
  );
}

function Saved({ names }: { names: string[] }) {
  const { t } = useLanguage();
  return (
    <p className="muted small">
      {t("clusters.saved")}{" "}
      {names.map((name, place) => (
        <span key={name}>
          {place > 0 && " · "}
          <Link to={`/lifecycle?by=${encodeURIComponent(name)}`}>{name}</Link>
        </span>
      ))}
    </p>
  );
}
