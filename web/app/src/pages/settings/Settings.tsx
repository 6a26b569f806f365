// Settings: what every number rests on; people and keys; what was done by whom.

import type { Language } from "../../app/language";
import { LANGUAGES, useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { useWorkspace } from "../../app/workspace";
import { Page, Panel } from "../../parts/Page";
import { Tabs } from "../../parts/Tabs";
import { useFormat } from "../../parts/format";
import { Audit } from "./Audit";
import { Erasure } from "./Erasure";
import { Keys } from "./Keys";
import { People } from "./People";

export function Settings() {
  const { t } = useLanguage();
  const { may } = useSession();
  const tabs = [
    { key: "workspace", label: t("settings.workspace"), children: <About /> },
    ...(may("manage")
      ? [
          { key: "people", label: t("settings.people"), children: <People /> },
          { key: "keys", label: t("settings.keys"), children: <Keys /> },
          { key: "audit", label: t("settings.audit"), children: <Audit /> },
          { key: "erasure", label: t("settings.erasure"), children: <Erasure /> },
        ]
      : []),
  ];
  return (
    <Page title={t("nav.settings")} about={t("settings.about")}>
      <Tabs tabs={tabs} label={t("nav.settings")} />
    </Page>
  );
}

function About() {
  const { t } = useLanguage();
  const format = useFormat();
  const workspace = useWorkspace();
  const rows = [
    ["name", workspace.name],
    ["currency", workspace.currency],
    ["timezone", workspace.timezone],
    ["language", LANGUAGES[workspace.language as Language]?.name ?? workspace.language],
    ["unit", t(`settings.unit.${workspace.unit}`)],
    ["data_through", format.day(workspace.data_through)],
    ["refreshed", format.moment(workspace.refreshed_as_of)],
  ] as const;
  return (
    <Panel title={t("settings.workspace")} about={t("settings.workspace_about")}>
      <table className="plain">
        <tbody>
          {rows.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{t(`settings.${key}`)}</th>
              <td dir="auto">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
