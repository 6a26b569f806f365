// Says on every page that something came since the last refresh, to those who may refresh.
import { Alert } from "antd";
import { useLocation } from "react-router";

import { Link } from "../parts/Link";
import { RefreshNow } from "../parts/RefreshNow";
import { useFollowed } from "../parts/follow";
import { useLanguage } from "./language";
import { useSession } from "./session";
import { useWorkspace } from "./workspace";

/** Pages that offer a refresh themselves. */
const OFFERING = ["/runs", "/data/import"];

export function Due() {
  const { may } = useSession();
  const { refresh_due: due, refreshing } = useWorkspace();
  const { pathname } = useLocation();
  return due && may("run") && !OFFERING.includes(pathname) ? <Note refreshing={refreshing} /> : null;
}

function Note({ refreshing }: { refreshing: number | null }) {
  const { t } = useLanguage();
  useFollowed(refreshing ?? undefined);
  return (
    <div className="due">
      {refreshing ? (
        <Alert type="info" showIcon title={t("runs.under_way")} action={<Link to="/runs">{t("nav.runs")}</Link>} />
      ) : (
        <Alert type="warning" showIcon title={t("runs.due")} action={<RefreshNow />} />
      )}
    </div>
  );
}
