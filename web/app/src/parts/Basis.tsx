// What a result rests on: its instant, how far the data go, how far to trust them.

import { useLanguage } from "../app/language";
import { useFormat } from "./format";

export function Basis({ of }: { of: { as_of: string | null; data_through: string | null; trust?: number | null } }) {
  const { t } = useLanguage();
  const format = useFormat();
  return (
    <p className="muted basis">
      {t("basis.line", { as_of: format.moment(of.as_of), through: format.day(of.data_through) })}
    </p>
  );
}
