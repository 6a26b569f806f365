// Asks for a refresh, and shows how it goes.
import { ReloadOutlined } from "@ant-design/icons";
import { Button } from "antd";

import { useChange } from "../api/hooks";
import { useGo } from "../app/address";
import { useLanguage } from "../app/language";
import { useTell } from "./Oops";

export function RefreshNow({ disabled = false }: { disabled?: boolean }) {
  const { t } = useLanguage();
  const tell = useTell();
  const go = useGo();
  const refresh = useChange("post", "/refreshes");
  const start = () => refresh.mutateAsync({}).then(() => go("/runs"), tell);
  return (
    <Button type="primary" icon={<ReloadOutlined />} loading={refresh.isPending} disabled={disabled} onClick={() => void start()}>
      {t("runs.refresh")}
    </Button>
  );
}
