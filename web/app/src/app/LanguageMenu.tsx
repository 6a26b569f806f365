// Which language the page is in.
import { GlobalOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";

import type { Language } from "./language";
import { LANGUAGES, speak, useLanguage } from "./language";

export function LanguageMenu({ named }: { named: boolean }) {
  const { t, language } = useLanguage();
  const items = Object.entries(LANGUAGES).map(([key, { name }]) => ({ key, label: <span lang={key}>{name}</span> }));
  return (
    <Dropdown menu={{ items, selectedKeys: [language], onClick: ({ key }) => void speak(key as Language) }} trigger={["click"]}>
      <Button type="text" icon={<GlobalOutlined />} aria-label={`${t("shell.language")}: ${LANGUAGES[language].name}`}>
        {named ? LANGUAGES[language].name : null}
      </Button>
    </Dropdown>
  );
}
