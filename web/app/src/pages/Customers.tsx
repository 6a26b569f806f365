// Customers, found by what they are called.
import { Input } from "antd";
import { useSearchParams } from "react-router";

import { usePages } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { useRested } from "../builder/useDraft";
import { DataTable } from "../parts/DataTable";
import { Link } from "../parts/Link";
import { More } from "../parts/More";
import { Answered, Nothing, Page, Panel } from "../parts/Page";
import { useFormat } from "../parts/format";

const FIGURES = ["recency_days", "frequency", "monetary"] as const;
type Figured = Record<(typeof FIGURES)[number], number | null>;

export function Customers() {
  const { t } = useLanguage();
  const { may } = useSession();
  return (
    <Page title={t("nav.customers")} about={t("customers.about")}>
      {may("personal") ? (
        <Found />
      ) : (
        <Panel>
          <Nothing>{t("customers.not_allowed")}</Nothing>
        </Panel>
      )}
    </Page>
  );
}

function Found() {
  const { t } = useLanguage();
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const sought = search.get("search") ?? "";
  const pages = usePages("/customers", { query: { search: useRested(sought), limit: 50 } });
  const rows = pages.data?.pages.flatMap((page) => page.customers);
  const find = (text: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (text) next.set("search", text);
        else next.delete("search");
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <Input.Search
        allowClear
        placeholder={t("customers.search")}
        aria-label={t("customers.search")}
        value={sought}
        onChange={(event) => find(event.target.value)}
        style={{ maxWidth: 420 }}
      />
      <Answered of={{ ...pages, data: pages.data?.pages[0] }}>
        {(first) => (
          <Panel className="flush" title={sought ? t("customers.of", { of: format.number(first.of) }) : t("word.customers_count", { count: first.of ?? 0 })}>
            <DataTable
              label={t("nav.customers")}
              rowKey="customer_id"
              size="middle"
              dataSource={rows}
              pagination={false}
              locale={{ emptyText: <Nothing>{t("customers.none")}</Nothing> }}
              columns={[
                {
                  title: t("word.customer"),
                  dataIndex: "customer_id",
                  render: (id: string, row) => (
                    <div className="name-cell">
                      <Link to={`/customers/${encodeURIComponent(id)}`} dir="auto">
                        {id}
                      </Link>
                      {calledOf(row) && (
                        <span className="sentence" dir="auto">
                          {calledOf(row)}
                        </span>
                      )}
                    </div>
                  ),
                },
                ...FIGURES.filter((name) => first.customers.some((row) => name in row)).map((name) => ({
                  title: t(`word.${name === "recency_days" ? "recency" : name}`),
                  key: name,
                  align: "end" as const,
                  render: (_: unknown, row: object) => (name === "monetary" ? format.money : format.number)((row as Figured)[name]),
                })),
              ]}
            />
            <More of={pages} />
          </Panel>
        )}
      </Answered>
    </>
  );
}

/** What somebody is called beside the id: a name, an address, a number. */
function calledOf(row: object): string {
  const { name, first_name, last_name, email, phone } = row as Record<string, string | null>;
  return [name ?? [first_name, last_name].filter(Boolean).join(" "), email, phone].filter(Boolean).join(" · ");
}
