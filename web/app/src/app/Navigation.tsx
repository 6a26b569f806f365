// Where one can go.
import {
  ApartmentOutlined,
  AppstoreOutlined,
  BulbOutlined,
  DatabaseOutlined,
  DiffOutlined,
  DollarOutlined,
  FilterOutlined,
  HeatMapOutlined,
  HistoryOutlined,
  HomeOutlined,
  SettingOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { MenuProps } from "antd";
import { Menu } from "antd";
import type { ReactNode } from "react";
import { useLocation } from "react-router";

import { Link } from "../parts/Link";
import { useLanguage } from "./language";

const GROUPS: { key: string; items: [string, ReactNode][] }[] = [
  { key: "", items: [["overview", <HomeOutlined />]] },
  {
    key: "divide",
    items: [
      ["segments", <AppstoreOutlined />],
      ["builder", <FilterOutlined />],
      ["rfm", <HeatMapOutlined />],
      ["lifecycle", <ApartmentOutlined />],
      ["compare", <DiffOutlined />],
    ],
  },
  { key: "understand", items: [["value", <DollarOutlined />], ["discover", <BulbOutlined />], ["customers", <UserOutlined />]] },
  { key: "operate", items: [["data", <DatabaseOutlined />], ["runs", <HistoryOutlined />], ["settings", <SettingOutlined />]] },
];

export function Navigation({ onGo }: { onGo?: () => void }) {
  const { t } = useLanguage();
  const here = useLocation().pathname.split("/")[1] || "overview";
  const item = ([name, icon]: [string, ReactNode]) => ({
    key: name,
    icon,
    label: <Link to={name === "overview" ? "/" : `/${name}`}>{t(`nav.${name}`)}</Link>,
  });
  const items: NonNullable<MenuProps["items"]> = GROUPS.flatMap(({ key, items: inside }): NonNullable<MenuProps["items"]> =>
    key
      ? [{ type: "group" as const, key, label: t(`nav.group.${key}`), children: inside.map(item) }]
      : inside.map(item),
  );
  return (
    <nav aria-label={t("shell.navigation")}>
      <Menu mode="inline" items={items} selectedKeys={[here]} onClick={onGo} className="menu" />
    </nav>
  );
}
