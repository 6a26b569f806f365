// Whom a changed rule would move, before it is saved.

import { usePosted } from "../api/hooks";
import { useLanguage } from "../app/language";
import { Answered, Figure, Figures, Panel } from "../parts/Page";
import { useFormat } from "../parts/format";

export function Effect({ name, rule }: { name: string; rule: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const effect = usePosted("/segments/{name}/effect", { path: { name }, body: { rule } });
  return (
    <Panel title={t("effect.title")} about={t("effect.about")}>
      <Answered of={effect} rows={1}>
        {(found) => (
          <>
            <Figures>
              {(["enter", "leave", "stay"] as const).map((part) => (
                <Figure
                  key={part}
                  label={t(`effect.${part}`)}
                  value={format.number(found[part].customers)}
                  note={t("effect.brought", { money: format.compactMoney(found[part].revenue_amount) })}
                />
              ))}
            </Figures>
            {found.used_by.length > 0 && <p className="muted small">{t("effect.used_by", { by: found.used_by.join(", ") })}</p>}
          </>
        )}
      </Answered>
    </Panel>
  );
}
