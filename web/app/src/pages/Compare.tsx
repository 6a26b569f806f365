// Segments side by side, and how much of each is also in the others.
import { Button, Select } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useAppearance } from "../app/appearance";
import { useLanguage } from "../app/language";
import { Basis } from "../parts/Basis";
import { Interval } from "../parts/Interval";
import { Link } from "../parts/Link";
import { CellButton } from "../parts/Cells";
import { useCustomers } from "../parts/count";
import { heat } from "../parts/heat";
import { Answered, Nothing, Page, Panel, Scroll } from "../parts/Page";
import { useFormat } from "../parts/format";

const MOST = 6;
const SHOWN = 10;

export function Compare() {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const list = useAnswer("/segments");
  const chosen = search.getAll("of");
  const names = chosen.length ? chosen : (list.data?.segments.filter((each) => !each.problem).slice(0, 4).map((each) => each.name) ?? []);
  const choose = (next: string[]) =>
    setSearch((before) => {
      const kept = new URLSearchParams(before);
      kept.delete("of");
      next.slice(0, MOST).forEach((name) => kept.append("of", name));
      return kept;
    });
  return (
    <Page title={t("nav.compare")} about={t("compare.about")}>
      <Answered of={list}>
        {({ segments }) =>
          segments.length < 2 ? (
            <Panel>
              <Nothing action={<Link to="/builder">{t("segments.new")}</Link>}>{t("compare.none")}</Nothing>
            </Panel>
          ) : (
            <>
              <Select
                mode="multiple"
                aria-label={t("compare.which")}
                value={names}
                onChange={choose}
                maxCount={MOST}
                showSearch={{ optionFilterProp: "label" }}
                options={segments.map((each) => ({ value: each.name, label: each.label || each.name }))}
              />
              {names.length > 0 && <Side names={names} labels={new Map(segments.map((each) => [each.name, each.label || each.name]))} />}
              {names.length > 1 && <Overlap names={names} />}
            </>
          )
        }
      </Answered>
    </Page>
  );
}

function Side({ names, labels }: { names: string[]; labels: Map<string, string> }) {
  const { t } = useLanguage();
  const format = useFormat();
  const values = useAnswer("/values", { query: { of: names } }, { keep: true });
  return (
    <Panel title={t("compare.side")} about={t("compare.side_about")}>
      <Answered of={values}>
        {({ segments }) => (
          <Scroll label={t("compare.side")}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">
                    <span className="sr">{t("card.feature")}</span>
                  </th>
                  {segments.map((each) => (
                    <th key={each.name} scope="col" className="num">
                      <Link to={`/segments/${each.name}`} dir="auto">
                        {labels.get(each.name) ?? each.name}
                      </Link>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows(format).map(([key, show]) => (
                  <tr key={key}>
                    <th scope="row">{t(key)}</th>
                    {segments.map((each) => (
                      <td key={each.name} className="num">
                        {show(each)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Answered>
    </Panel>
  );
}

type Valued = Schemas["value"]["segments"][number];

function rows(format: ReturnType<typeof useFormat>): [string, (of: Valued) => React.ReactNode][] {
  return [
    ["word.customers", (of) => format.number(of.customers)],
    ["word.share_customers", (of) => format.share(of.customer_share)],
    ["word.revenue", (of) => format.compactMoney(of.revenue_amount)],
    ["worth.revenue_share", (of) => <Interval of={of.revenue_share} write={format.share} />],
    ["worth.revenue_per_customer", (of) => <Interval of={of.revenue_per_customer} write={format.money} />],
    ["worth.order_value", (of) => <Interval of={of.order_value} write={(value) => format.money(value, 2)} />],
    ["worth.orders_per_customer", (of) => <Interval of={of.orders_per_customer} write={(each) => format.number(each, 1)} />],
    ["worth.retention", (of) => <Interval of={of.retention} write={format.share} />],
    ["worth.best_share", (of) => <Interval of={of.best_share} write={format.share} />],
  ];
}

function Overlap({ names }: { names: string[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { palette } = useAppearance();
  const customers = useCustomers();
  const overlaps = useAnswer("/overlaps", { query: { of: names } }, { keep: true });
  return (
    <Panel title={t("compare.overlap")} about={t("compare.overlap_about")}>
      <Answered of={overlaps}>
        {(found) => {
          const both = (one: string, other: string) =>
            found.pairs.find((pair) => (pair.one === one && pair.other === other) || (pair.one === other && pair.other === one));
          const share = (one: string, other: string) => {
            const pair = both(one, other);
            return pair && (pair.one === one ? pair.share_of_one : pair.share_of_other);
          };
          return (
            <>
              <Scroll label={t("compare.overlap")}>
                <table className="grid overlap" aria-label={t("compare.overlap")}>
                  <thead>
                    <tr>
                      <td />
                      {found.sets.map((set) => (
                        <th key={set.name} scope="col" dir="auto">
                          {set.label || set.name}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {found.sets.map((row) => (
                      <tr key={row.name}>
                        <th scope="row" dir="auto">
                          {row.label || row.name}
                        </th>
                        {found.sets.map((column) => {
                          if (row.name === column.name) {
                            return (
                              <td key={column.name} className="self">
                                <CellButton cell={{ rule: row.rule, label: row.label }}>{format.number(row.customers)}</CellButton>
                              </td>
                            );
                          }
                          const pair = both(row.name, column.name);
                          const part = share(row.name, column.name) ?? 0;
                          return (
                            <td key={column.name}>
                              <CellButton
                                cell={{ rule: pair?.rule, label: format.list([row.label, column.label]) }}
                                className="heat"
                                style={heat(palette, part)}
                                said={`${format.list([row.label, column.label])}: ${customers(pair?.customers)} · ${format.share(part, 0)}`}
                              >
                                {format.number(pair?.customers)} <small>{format.share(part, 0)}</small>
                              </CellButton>
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              <Together of={found} />
              <p className="muted small">{t("compare.nowhere", { customers: customers(found.none) })}</p>
              <Basis of={found} />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

/** Who is in exactly which of them, the largest combinations first. */
function Together({ of }: { of: Schemas["overlaps"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const customers = useCustomers();
  const [all, setAll] = useState(false);
  const labels = new Map(of.sets.map((set) => [set.name, set.label]));
  const named = (sets: string[]) => format.list(sets.map((name) => labels.get(name) ?? name));
  const most = Math.max(...of.combinations.map((each) => each.customers ?? 0));
  const left = of.combinations.length - SHOWN;
  if (!of.combinations.length) return null;
  return (
    <>
      <h3 className="apart">{t("compare.together")}</h3>
      <p className="muted small">{t("compare.together_about")}</p>
      <Scroll label={t("compare.together")}>
        <table className="plain upset">
          <thead>
            <tr>
              <th scope="col">{t("word.customers")}</th>
              {of.sets.map((set) => (
                <th key={set.name} scope="col" dir="auto">
                  {set.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.combinations.slice(0, all ? undefined : SHOWN).map((each) => (
              <tr key={each.sets.join("/")}>
                <td className="upset-size">
                  <CellButton cell={{ rule: each.rule, label: t("compare.exactly", { sets: named(each.sets) }) }} said={`${t("compare.exactly", { sets: named(each.sets) })}: ${customers(each.customers)}`}>
                    {format.number(each.customers)}
                  </CellButton>
                  <span className="bar" aria-hidden>
                    <i style={{ width: `${((each.customers ?? 0) / most) * 100}%` }} />
                  </span>
                </td>
                {of.sets.map((set) => (
                  <td key={set.name} className="dot">
                    <i className={each.sets.includes(set.name) ? "on" : ""} role="img" aria-label={t(each.sets.includes(set.name) ? "compare.in" : "compare.out")} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {left > 0 && (
        <Button type="link" size="small" className="more" onClick={() => setAll(!all)}>
          {all ? t("card.less") : t("compare.all")}
        </Button>
      )}
    </>
  );
}
