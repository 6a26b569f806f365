// What the next purchase of each group will hold, and how true such words were before.

import type { Schemas } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useAppearance } from "../../app/appearance";
import { useLanguage } from "../../app/language";
import { Basis } from "../../parts/Basis";
import { CellButton } from "../../parts/Cells";
import { Answered, Nothing, Panel, Scroll } from "../../parts/Page";
import { heat } from "../../parts/heat";
import { useFormat } from "../../parts/format";

type Found = Schemas["upcoming"];
const MOST = 10;

/** Needs things that were bought, with their categories: without any, it says so. */
export function Upcoming({ of, known }: { of: string; known: boolean }) {
  const { t } = useLanguage();
  return (
    <Panel title={t("upcoming.title")} about={t("upcoming.about")}>
      {known ? <Next of={of} /> : <Nothing>{t("upcoming.none")}</Nothing>}
    </Panel>
  );
}

function Next({ of }: { of: string }) {
  const found = useAnswer("/upcoming", { query: { of: [of], top: 500 } }, { keep: true });
  return (
    <Answered of={found}>
      {(said) => (
        <>
          <Chances of={said} />
          <p className="muted small">{said.sentences.join(" ")}</p>
          <Basis of={said} />
        </>
      )}
    </Answered>
  );
}

/** The colour says how a chance compares with everyone's of the same thing. */
function Chances({ of }: { of: Found }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { palette } = useAppearance();
  const things = of.everyone.items.slice(0, MOST);
  const most = Math.max(...of.groups.flatMap((group) => group.items.filter((each) => things.some((thing) => thing.item === each.item)).map((each) => each.index ?? 0)), 1);
  return (
    <Scroll label={t("upcoming.title")}>
      <table className="grid cohorts chances" aria-label={t("upcoming.title")}>
        <thead>
          <tr>
            <th scope="col">{t("word.group")}</th>
            {things.map((each) => (
              <th key={each.item} scope="col" dir="auto">
                {each.product_name ?? each.item}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t("upcoming.everyone")}</th>
            {things.map((each) => (
              <td key={each.item}>{format.share(each.share, 0)}</td>
            ))}
          </tr>
          {of.groups.map((group) => {
            const own = new Map(group.items.map((each) => [each.item, each]));
            return (
              <tr key={group.name}>
                <th scope="row">
                  <CellButton cell={{ rule: group.rule, label: group.label }}>{group.label}</CellButton>
                </th>
                {things.map(({ item }) => {
                  const cell = own.get(item);
                  return (
                    <td key={item}>
                      <span className="heat" style={heat(palette, (cell?.index ?? 0) / most)} title={t("upcoming.index", { index: format.index(cell?.index) })}>
                        {format.share(cell?.share, 0)}
                      </span>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
