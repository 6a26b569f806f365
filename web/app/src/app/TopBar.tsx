// The instant asked about, how far the data go and may be trusted, language, look, who.
import { BgColorsOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Dropdown, Grid, Tooltip } from "antd";

import { Day } from "../parts/Day";
import { Link } from "../parts/Link";
import { useFormat } from "../parts/format";
import { useAsOf } from "./address";
import type { Appearance } from "./appearance";
import { useAppearance } from "./appearance";
import { useLanguage } from "./language";
import { LanguageMenu } from "./LanguageMenu";
import { useSession } from "./session";
import { useWorkspace } from "./workspace";

export function TopBar() {
  const wide = Grid.useBreakpoint().md ?? true;
  return (
    <div className="top-bar">
      <AsOf />
      {wide && <Through />}
      <span className="spring" />
      <LanguageMenu named={wide} />
      <AppearanceMenu />
      <WhoMenu named={wide} />
    </div>
  );
}

function AsOf() {
  const { t } = useLanguage();
  const { as_of: latest } = useWorkspace();
  const [asOf, setAsOf] = useAsOf();
  return (
    <label className="as-of">
      <span className="muted">{t("shell.as_of")}</span>
      <Tooltip title={t("shell.as_of_about")}>
        <Day
          label={t("shell.as_of")}
          value={asOf ?? latest?.slice(0, 10)}
          clearable={Boolean(asOf)}
          disabled={!latest}
          onChange={setAsOf}
          size="small"
          variant={asOf ? "outlined" : "filled"}
        />
      </Tooltip>
    </label>
  );
}

function Through() {
  const { t } = useLanguage();
  const format = useFormat();
  const { data_through: through, trust } = useWorkspace();
  if (!through) return null;
  return (
    <span className="through">
      <span className="muted">{t("shell.data_through", { day: format.day(through) })}</span>
      {trust !== null && (
        <Link to="/data" className={`trust ${trust >= 80 ? "good" : trust >= 50 ? "warn" : "bad"}`}>
          {t("shell.trust", { score: format.number(trust) })}
        </Link>
      )}
    </span>
  );
}

function AppearanceMenu() {
  const { t } = useLanguage();
  const { appearance, choose } = useAppearance();
  const items = (["system", "light", "dark"] as const).map((key) => ({ key, label: t(`appearance.${key}`) }));
  return (
    <Dropdown menu={{ items, selectedKeys: [appearance], onClick: ({ key }) => choose(key as Appearance) }} trigger={["click"]}>
      <Button type="text" icon={<BgColorsOutlined />} aria-label={t("shell.appearance")} />
    </Dropdown>
  );
}

function WhoMenu({ named }: { named: boolean }) {
  const { t } = useLanguage();
  const { name, signOut } = useSession();
  const items = [{ key: "out", label: t("shell.sign_out") }];
  return (
    <Dropdown menu={{ items, onClick: () => void signOut() }} trigger={["click"]}>
      <Button type="text" icon={<UserOutlined />} aria-label={`${t("shell.who")}: ${name}`}>
        {named ? name : null}
      </Button>
    </Dropdown>
  );
}
