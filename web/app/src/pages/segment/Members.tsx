// Who is in it, one by one, and why each is.
import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Drawer, Input } from "antd";
import { useState } from "react";

import { usePages } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { DataTable } from "../../parts/DataTable";
import { Link } from "../../parts/Link";
import { More } from "../../parts/More";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";
import { Explanation } from "./Explanation";

export function Members({ name }: { name: string }) {
  const { t, rtl } = useLanguage();
  const format = useFormat();
  const members = usePages("/segments/{name}/members", { path: { name } });
  const first = members.data?.pages[0];
  const [asked, setAsked] = useState<string>();
  return (
    <Answered of={{ ...members, data: first }}>
      {(found) => (
        <Panel
          className="flush"
          title={t("word.customers_count", { count: found.customers })}
          extra={
            <Input.Search
              allowClear
              placeholder={t("members.why_of")}
              aria-label={t("members.why_of")}
              onSearch={(id) => id && setAsked(id)}
              enterButton={<QuestionCircleOutlined aria-label={t("members.why")} />}
            />
          }
        >
          <DataTable
            label={t("segment.members")}
            rowKey="customer_id"
            size="middle"
            locale={{ emptyText: <Nothing>{t("members.none")}</Nothing> }}
            dataSource={members.data?.pages.flatMap((page) => page.members)}
            pagination={false}
            columns={[
              {
                title: t("word.customer"),
                dataIndex: "customer_id",
                render: (id: string) => <Link to={`/customers/${encodeURIComponent(id)}`}>{id}</Link>,
              },
              { title: t("word.recency"), dataIndex: "recency_days", align: "end", render: (value) => format.number(value as number) },
              { title: t("word.frequency"), dataIndex: "frequency", align: "end", render: (value) => format.number(value as number) },
              { title: t("word.monetary"), dataIndex: "monetary", align: "end", render: (value) => format.money(value as number) },
              {
                title: <span className="sr">{t("members.why")}</span>,
                key: "why",
                align: "end",
                render: (_, row) => (
                  <Button type="link" size="small" onClick={() => setAsked(row.customer_id ?? undefined)}>
                    {t("members.why")}
                  </Button>
                ),
              },
            ]}
          />
          <More of={members} />
          <Drawer open={asked !== undefined} onClose={() => setAsked(undefined)} title={t("explain.title", { id: asked })} size={560} placement={rtl ? "left" : "right"}>
            {asked !== undefined && <Explanation name={name} id={asked} />}
          </Drawer>
        </Panel>
      )}
    </Answered>
  );
}
