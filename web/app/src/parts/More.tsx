// The next page of a long list, where there is one.
import { Button } from "antd";

import { useLanguage } from "../app/language";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ of }: { of: Paged }) {
  const { t } = useLanguage();
  if (!of.hasNextPage) return null;
  return (
    <div className="more-row">
      <Button loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
        {t("action.more")}
      </Button>
    </div>
  );
}
