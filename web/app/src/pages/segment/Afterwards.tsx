// What its members of past months did next, beside everyone else: whether it tells anything.

import type { Schemas } from "../../api/client";
import { ProblemError } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import type { Estimate } from "../../parts/Interval";
import { Interval } from "../../parts/Interval";
import { Link } from "../../parts/Link";
import { Answered, Nothing, Panel, Scroll } from "../../parts/Page";
import { Status } from "../../parts/Status";
import { points, useFormat } from "../../parts/format";

type Found = Schemas["backtest"];
type Tried = Found["tried"][number]["groups"][number];
type Outcome = Tried["outcomes"][number];
type Measure = "bought" | "revenue" | "orders";
type Write = (value: number | null) => string;

const TONES = { more: "good", less: "warn", past: "calm", unsaid: "calm" } as const;
const MEASURES: Measure[] = ["bought", "revenue", "orders"];

export function Afterwards({ name }: { name: string }) {
  const { t } = useLanguage();
  const found = useAnswer("/backtests", { query: { of: [name] } });
  if (found.error instanceof ProblemError && found.error.problem.code === "usage") {
    return (
      <Panel>
        <Nothing action={<Link to="/data/import">{t("overview.load")}</Link>}>{t("backtest.none")}</Nothing>
      </Panel>
    );
  }
  return (
    <>
      {found.isPending && <p className="muted">{t("backtest.wait")}</p>}
      <Answered of={found} rows={8}>
        {(answer) => {
          const group = answer.tried[0]?.groups[0];
          if (!group?.outcomes.length || group.customers === 0) {
            return (
              <Panel>
                <Nothing>{t("backtest.nobody")}</Nothing>
              </Panel>
            );
          }
          return <Told group={group} cuts={answer.cuts} />;
        }}
      </Answered>
    </>
  );
}

function Told({ group, cuts }: { group: Tried; cuts: string[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const taken = t("backtest.taken", { count: cuts.length, first: format.month(cuts[0]), last: format.month(cuts.at(-1)), members: format.number(group.customers) });
  return (
    <div className="columns">
      <Panel title={t("backtest.verdict")} about={t("backtest.about")}>
        <div className="verdict">
          <Status tone={TONES[group.verdict]}>{group.sentence}</Status>
          <p className="small">{t(`backtest.means.${group.verdict}`)}</p>
        </div>
        <Back of={group.outcomes} />
        <p className="muted small apart">
          {taken} {t("backtest.caution")}
        </p>
      </Panel>
      <Panel title={t("backtest.beside")} about={t("worth.money_about")}>
        <Beside of={group.outcomes} />
      </Panel>
    </div>
  );
}

/** The share who bought again, as bars; the mark is everyone else. */
function Back({ of }: { of: Outcome[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <div className="dimension">
      <h3>{t("backtest.bought")}</h3>
      <ul className="traits">
        {of.map((each) => (
          <li key={each.days}>
            <span>{t("backtest.within", { count: each.days })}</span>
            <span className="trait-bar" aria-hidden>
              <i style={{ width: `${(each.bought.value ?? 0) * 100}%` }} />
              <b style={{ insetInlineStart: `${(others(each.bought, each.bought_more) ?? 0) * 100}%` }} />
            </span>
            <span className="num">
              {format.share(each.bought.value, 0)} <span className="muted">{t("backtest.against", { share: format.share(others(each.bought, each.bought_more), 0) })}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Members, everyone else, and the difference, for each measure and length of time. */
function Beside({ of }: { of: Outcome[] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const written: Record<Measure, [plain: Write, more: Write]> = {
    bought: [format.share, (value) => points(value, format, t)],
    revenue: [(value) => format.money(value, 2), (value) => format.more.money(value, 2)],
    orders: [(value) => format.number(value, 2), (value) => format.more.number(value, 2)],
  };
  return (
    <Scroll label={t("backtest.beside")}>
      <table className="plain">
        <thead>
          <tr>
            <td />
            {["members", "others", "difference"].map((key) => (
              <th key={key} scope="col" className="num">
                {t(`backtest.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        {MEASURES.map((measure) => (
          <tbody key={measure}>
            <tr>
              <th scope="rowgroup" colSpan={4} className="part-head">
                {t(`backtest.${measure}`)}
              </th>
            </tr>
            {of.map((each) => {
              const [plain, more] = written[measure];
              const [own, difference] = [each[measure], each[`${measure}_more`]];
              return (
                <tr key={each.days}>
                  <th scope="row">{t("backtest.within", { count: each.days })}</th>
                  <td className="num">
                    <Interval of={own} write={plain} />
                  </td>
                  <td className="num muted">{plain(others(own, difference))}</td>
                  <td className="num">
                    <Interval of={difference} write={more} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </Scroll>
  );
}

/** What everyone else did: the members' figure less the difference. */
function others(own: Estimate, more: Estimate): number | null {
  return own.value === null || more.value === null ? null : own.value - more.value;
}
