// Who, what, why, when, where: each against the whole base, what is telling marked.
import { Button, Tag, Tooltip } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useLanguage } from "../../app/language";
import { CellButton } from "../../parts/Cells";
import { useCustomers } from "../../parts/count";
import { Nothing, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";

type FiveW = Schemas["segments-card"];
type Question = FiveW["answers"][number];
const SHOWN = 4;
const DIMENSIONS = 4;

export function Card({ of }: { of: FiveW }) {
  return (
    <div className="masonry">
      {of.answers.map((question) => (
        <Answer key={question.question} of={question} />
      ))}
    </div>
  );
}

function Answer({ of }: { of: Question }) {
  const { t } = useLanguage();
  const [all, setAll] = useState(false);
  const dimensions = [...Map.groupBy(of.traits, (trait) => trait.dimension)].toSorted(([, a], [, b]) => telling(b) - telling(a));
  const empty = of.means.length === 0 && of.traits.length === 0;
  return (
    <Panel title={of.label}>
      {empty && <Nothing>{t(of.question === "why" ? "card.no_reasons" : "card.nothing")}</Nothing>}
      {of.means.length > 0 && <Means of={of.means} />}
      {dimensions.slice(0, all ? undefined : DIMENSIONS).map(([name, traits]) => (
        <Dimension key={name} of={traits} />
      ))}
      {dimensions.length > DIMENSIONS && (
        <Button type="link" size="small" className="more" onClick={() => setAll(!all)}>
          {all ? t("card.less") : t("card.more", { count: dimensions.length - DIMENSIONS })}
        </Button>
      )}
    </Panel>
  );
}

function Means({ of }: { of: Question["means"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const written = (value: number | null, unit: string) => (unit === "money" ? format.money(value, 2) : unit === "share" ? format.share(value) : format.number(value, 1));
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">{t("card.feature")}</span>
          </th>
          <th scope="col" className="num">
            {t("card.mean")}
          </th>
          <th scope="col" className="num">
            {t("card.base")}
          </th>
          <th scope="col" className="num">
            {t("card.index")}
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((each) => (
          <tr key={each.feature}>
            <th scope="row" dir="auto">
              {each.label}
            </th>
            <td className="num">{written(each.mean, each.unit)}</td>
            <td className="num muted">{written(each.base, each.unit)}</td>
            <td className="num">{format.index(each.index)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Dimension({ of }: { of: Question["traits"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const customers = useCustomers();
  const rows = of.filter((trait, place) => place < SHOWN || trait.telling);
  return (
    <div className="dimension">
      <h3>{of[0]?.dimension_label}</h3>
      <ul className="traits">
        {rows.map((trait) => (
          <li key={trait.value}>
            <span className="trait-name" dir="auto">
              <CellButton cell={{ rule: trait.rule, label: `${trait.dimension_label}: ${trait.label}` }} said={`${trait.dimension_label}: ${trait.label}, ${customers(trait.customers)}`}>
                {trait.label}
              </CellButton>
              {trait.telling && (
                <Tooltip title={t("card.telling_about")}>
                  <Tag className="telling">{t("card.telling", { index: format.index(trait.index) })}</Tag>
                </Tooltip>
              )}
            </span>
            <span className="trait-bar" aria-hidden>
              <i style={{ width: `${(trait.share ?? 0) * 100}%` }} />
              <b style={{ insetInlineStart: `${(trait.base_share ?? 0) * 100}%` }} />
            </span>
            <span className="num">
              {format.share(trait.share, 0)} <span className="muted">{t("card.against", { share: format.share(trait.base_share, 0) })}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const telling = (traits: Question["traits"]) => traits.filter((trait) => trait.telling).length;
