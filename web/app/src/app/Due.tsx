// Says on every page that something came since the last refresh, to those who may refresh.
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";

import { useAnswer } from "../api/hooks";
import { Link } from "../parts/Link";
import { RefreshNow } from "../parts/RefreshNow";
import { useFollowed } from "../parts/follow";
import { useSession } from "./session";
import { useWorkspace } from "./workspace";

/** Pages that offer a refresh themselves. */
const OFFERING = ["/runs", "/data/import"];

export function Due() {
  const { may } = useSession();
  const { refresh_due: due } = useWorkspace();
  const { pathname } = useLocation();
  return due && may("run") && !OFFERING.includes(pathname) ? <Note /> : null;
}

function Note() {
  const { t } = useTranslation();
  const runs = useAnswer("/runs", { query: { limit: 50 } });
  const busy = runs.data?.runs.find((run) => run.kind === "refresh" && ["running", "waiting"].includes(run.status));
  useFollowed(busy?.id);
  if (!runs.data) return null;
  return (
    <div className="due">
      {busy ? (
        <Alert type="info" showIcon title={t("runs.under_way")} action={<Link to="/runs">{t("nav.runs")}</Link>} />
      ) : (
        <Alert type="warning" showIcon title={t("runs.due")} action={<RefreshNow />} />
      )}
    </div>
  );
}
