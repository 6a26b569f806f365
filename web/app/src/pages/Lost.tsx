// An address where nothing is.

import { useLanguage } from "../app/language";
import { Link } from "../parts/Link";
import { Nothing, Page, Panel } from "../parts/Page";

export function Lost() {
  const { t } = useLanguage();
  return (
    <Page title={t("lost.title")}>
      <Panel>
        <Nothing action={<Link to="/">{t("nav.overview")}</Link>}>{t("lost.about")}</Nothing>
      </Panel>
    </Page>
  );
}
