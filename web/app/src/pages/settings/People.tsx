// Who may sign in, and as what.
import { App, Button, Form, Input, Popconfirm, Select } from "antd";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { DataTable } from "../../parts/DataTable";
import { Oops, useTell } from "../../parts/Oops";
import { Answered, Nothing, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";

type Role = Schemas["NewPerson"]["role"];
const ROLES: Role[] = ["viewer", "analyst", "marketer", "admin"];

export function People() {
  const { t } = useLanguage();
  const found = useAnswer("/people");
  return (
    <div className="columns">
      <Answered of={found}>
        {({ people }) => (
          <Panel className="flush" title={t("settings.people")}>
            <PeopleTable rows={people} />
          </Panel>
        )}
      </Answered>
      <Panel title={t("people.add")} about={t("people.add_about")}>
        <AddPerson />
      </Panel>
    </div>
  );
}

function useRoles() {
  const { t } = useLanguage();
  return ROLES.map((value) => ({ value, label: t(`role.${value}`) }));
}

function PeopleTable({ rows }: { rows: Schemas["people"]["people"] }) {
  const { t } = useLanguage();
  const format = useFormat();
  const tell = useTell();
  const roles = useRoles();
  const change = useChange("patch", "/people/{number}");
  const remove = useChange("delete", "/people/{number}");
  return (
    <DataTable
      label={t("settings.people")}
      rowKey="id"
      dataSource={rows}
      pagination={false}
      locale={{ emptyText: <Nothing>{t("people.none")}</Nothing> }}
      columns={[
        { title: t("sign_in.name"), dataIndex: "name" },
        {
          title: t("people.role"),
          key: "role",
          render: (_, person) => (
            <Select<Role>
              aria-label={`${t("people.role")}: ${person.name}`}
              value={person.role as Role}
              options={roles}
              onChange={(role) => change.mutate({ path: { number: person.id }, body: { role } as Schemas["Change"] }, { onError: tell })}
              style={{ minWidth: 130 }}
            />
          ),
        },
        { title: t("people.seen"), dataIndex: "signed_in_at", render: (at: string | null) => format.moment(at) },
        {
          title: <span className="sr">{t("action.remove")}</span>,
          key: "remove",
          align: "end",
          render: (_, person) => (
            <Popconfirm title={t("people.remove_sure", { name: person.name })} onConfirm={() => remove.mutate({ path: { number: person.id } }, { onError: tell })} okText={t("action.remove")}>
              <Button size="small">{t("action.remove")}</Button>
            </Popconfirm>
          ),
        },
      ]}
    />
  );
}

function AddPerson() {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const [form] = Form.useForm<Schemas["NewPerson"]>();
  const add = useChange("post", "/people");
  const required = [{ required: true, message: t("form.required") }];
  const finish = async (body: Schemas["NewPerson"]) => {
    await add.mutateAsync({ body });
    form.resetFields();
    void message.success(t("save.done", { name: body.name }));
  };
  return (
    <Form form={form} layout="vertical" initialValues={{ role: "viewer" }} requiredMark={false} onFinish={(body) => void finish(body).catch(() => undefined)}>
      <Form.Item name="name" label={t("sign_in.name")} rules={required}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t("people.role")}>
        <Select options={useRoles()} />
      </Form.Item>
      <Form.Item name="password" label={t("sign_in.password")} rules={required}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {add.error && <Oops error={add.error} />}
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {t("people.add")}
      </Button>
    </Form>
  );
}
