// One customer: what is known, which groups and segments and why, and what happened.
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useParams } from "react-router";

import type { Schemas } from "../api/client";
import { useAnswer, usePages } from "../api/hooks";
import { useLanguage } from "../app/language";
import { Basis } from "../parts/Basis";
import { Link } from "../parts/Link";
import { More } from "../parts/More";
import { Answered, Figure, Figures, Nothing, Page, Panel } from "../parts/Page";
import type { Format } from "../parts/format";
import { useFormat, useWritten } from "../parts/format";
import { useSome } from "../parts/some";
import { Explanation } from "./segment/Explanation";

type Card = Schemas["customer-card"];
type Known = Card["features"][number];
const UNKNOWN = "Unknown"; // the group of those of whom its criterion is not known
const SCORES = "scores"; // what models say is shown above; it did not happen
const FIRST = ["recency_days", "frequency", "monetary", "average_order_amount", "tenure_days"];

export function Customer() {
  const { t } = useLanguage();
  const { id = "" } = useParams();
  const card = useAnswer("/customers/{customer_id}", { path: { customer_id: id } });
  return (
    <Page
      title={t("explain.title", { id })}
      back={
        <Link to="/customers" className="back">
          {t("nav.customers")}
        </Link>
      }
    >
      <Answered of={card} rows={8}>{(found) => <Inside of={found} />}</Answered>
    </Page>
  );
}

function Inside({ of }: { of: Card }) {
  const { t } = useLanguage();
  const format = useFormat();
  const first = FIRST.flatMap((name) => of.features.filter((each) => each.name === name));
  const known = of.groups.filter((each) => each.group !== UNKNOWN);
  const traits = of.traits.filter((each) => each.value !== null);
  const lacking = [...of.traits.filter((each) => each.value === null), ...of.groups.filter((each) => each.group === UNKNOWN)].map((each) => each.label);
  return (
    <>
      {first.length > 0 && (
        <Figures>
          {first.map((each) => (
            <Figure key={each.name} label={each.label} value={written(each, format, t)} />
          ))}
        </Figures>
      )}
      <div className="columns">
        <div className="stack">
          <Segments of={of} />
          <Panel title={t("customer.groups")}>
            <dl className="facts">
              {known.map((each) => (
                <div key={each.segmentation}>
                  <dt>{each.label}</dt>
                  <dd>{each.group_label}</dd>
                </div>
              ))}
            </dl>
            {lacking.length > 0 && <p className="muted small apart">{t("customer.not_known", { list: format.list([...new Set(lacking)]) })}</p>}
          </Panel>
          {traits.length > 0 && <Facts title={t("customer.traits")} of={traits} />}
          {of.scores.length > 0 && <Facts title={t("customer.scores")} of={of.scores} />}
        </div>
        <Happenings id={of.customer_id ?? ""} />
      </div>
      <Facts title={t("customer.features")} of={of.features.filter((each) => each.value !== null)} />
      <Basis of={of} />
    </>
  );
}

function Segments({ of }: { of: Card }) {
  const { t, rtl } = useLanguage();
  const [why, setWhy] = useState<string>();
  const { some, more } = useSome(of.segments);
  return (
    <Panel title={t("nav.segments")} about={t("customer.segments_about")}>
      {of.segments.length === 0 && <Nothing>{t("customer.no_segments")}</Nothing>}
      <ul className="list">
        {some.map((each) => (
          <li key={each.name}>
            <Link to={`/segments/${each.name}`} dir="auto">
              {each.label || each.name}
            </Link>
            <span className="spring" />
            <Button size="small" onClick={() => setWhy(each.name)} aria-label={`${t("members.why")} ${each.label || each.name}`}>
              {t("members.why")}
            </Button>
          </li>
        ))}
      </ul>
      <More of={more} />
      <Drawer open={why !== undefined} onClose={() => setWhy(undefined)} title={t("explain.title", { id: of.customer_id })} size={560} placement={rtl ? "left" : "right"}>
        {why !== undefined && <Explanation name={why} id={of.customer_id ?? ""} />}
      </Drawer>
    </Panel>
  );
}

function Facts({ title, of }: { title: string; of: Known[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <Panel title={title}>
      <dl className="facts">
        {of.map((each) => (
          <div key={each.name}>
            <dt>{each.label}</dt>
            <dd dir="auto">{written(each, format, t)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Happenings({ id }: { id: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const pages = usePages("/customers/{customer_id}/happenings", { path: { customer_id: id }, query: { limit: 20 } });
  const rows = pages.data?.pages.flatMap((page) => page.happenings).filter((each) => each.fact !== SCORES) ?? [];
  const fields = Object.assign({}, ...(pages.data?.pages.map((page) => page.fields) ?? [])) as Schemas["customer-happenings"]["fields"];
  const written = useWritten();
  return (
    <Panel title={t("customer.happened")} about={t("customer.happened_about")}>
      <Answered of={pages} rows={8}>
        {() => (
          <>
            {rows.length === 0 && <Nothing>{t("customer.nothing")}</Nothing>}
            <ol className="timeline">
              {rows.map((each, place) => (
                <li key={`${place} ${each.at}`}>
                  <span className="muted">{format.moment(each.at)}</span>
                  <span>
                    <strong>{each.label}</strong>{" "}
                    <span className="muted">
                      {Object.entries(each.values)
                        .filter(([, found]) => found !== 0)
                        .slice(0, 6)
                        .map(([name, found], place) => (
                          <span key={name}>
                            {place > 0 && " · "}
                            {fields[name]?.label ?? name} <bdi>{written(found, fields[name]?.type)}</bdi>
                          </span>
                        ))}
                    </span>
                  </span>
                </li>
              ))}
            </ol>
            <More of={pages} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function written({ name, value, type, unit }: Known, format: Format, t: (key: string) => string): string {
  if (value === null) return t("explain.missing");
  if (typeof value === "number" && name.endsWith("_weekday")) return format.weekday(value);
  if (typeof value === "number" && name.endsWith("_month")) return format.monthOfYear(value);
  if (typeof value === "boolean") return t(value ? "builder.yes" : "builder.no");
  if (typeof value === "number") return unit === "money" ? format.money(value, 2) : unit === "share" ? format.share(value) : format.number(value, 2);
  return type === "date" || type === "instant" ? format.moment(value) : value;
}
