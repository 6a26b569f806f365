// How the columns of a file map, with the reason for each, and what only a person can decide.
import { Alert, Button, Radio, Select } from "antd";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useAnswer, useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { DataTable } from "../../parts/DataTable";
import { Oops } from "../../parts/Oops";
import { Answered, Panel, Scroll } from "../../parts/Page";
import { useFormat } from "../../parts/format";
import type { Mapping } from "./mapping";
import { moved, targetsOf } from "./mapping";

type Source = Schemas["source"];
type Suggested = Schemas["source-mapping"];

export function Columns({ source, onDone }: { source: Source; onDone: () => void }) {
  const { t } = useLanguage();
  const suggested = useAnswer("/sources/{source_id}/mapping", { path: { source_id: source.id } });
  const entities = useAnswer("/entities");
  return (
    <>
      <ReadAs source={source} entities={entities.data} />
      <Answered of={suggested} rows={8}>
        {(found) => (
          <Answered of={entities}>
            {(known) => <Edit key={JSON.stringify(found.mapping)} {...{ source, found, known, onDone }} />}
          </Answered>
        )}
      </Answered>
      {suggested.error && <p className="muted">{t("import.read_otherwise")}</p>}
    </>
  );
}

/** What the records are, where the guess is wrong. */
function ReadAs({ source, entities }: { source: Source; entities: Schemas["entities"] | undefined }) {
  const { t } = useLanguage();
  const read = useChange("put", "/sources/{source_id}/reading");
  const options = entities?.entities.map((each) => ({ value: each.name, label: each.label })) ?? [];
  return (
    <div className="row">
      <strong dir="auto">{source.name}</strong>
      <span className="spring" />
      <span className="muted">{t("import.records_are")}</span>
      <Select
        aria-label={t("import.records_are")}
        value={source.entity}
        placeholder={t("import.guessed")}
        options={options}
        allowClear
        loading={read.isPending}
        onChange={(entity: string | undefined) => read.mutate({ path: { source_id: source.id }, body: { entity: entity ?? null, read: source.read } as never })}
        style={{ minWidth: 200 }}
      />
      {read.error && <Oops error={read.error} />}
    </div>
  );
}

function Edit({ source, found, known, onDone }: { source: Source; found: Suggested; known: Schemas["entities"]; onDone: () => void }) {
  const { t } = useLanguage();
  const format = useFormat();
  const [mapping, setMapping] = useState<Mapping>((found.agreed ?? found.mapping) as unknown as Mapping);
  const [touched, setTouched] = useState(false);
  const [choices, setChoices] = useState<Record<string, number>>({});
  const agree = useChange("put", "/sources/{source_id}/mapping");
  const open = found.questions.filter((each) => choices[each.column] === undefined);
  const keep = async () => {
    const body = touched || found.agreed ? { mapping, choices: {} } : { mapping: null, choices };
    await agree.mutateAsync({ path: { source_id: source.id }, body: body as never });
    onDone();
  };
  return (
    <>
      {found.questions.length > 0 && !touched && (
        <Panel title={t("import.questions")} about={t("import.questions_about")}>
          {found.questions.map((each) => (
            <fieldset key={each.column} className="question">
              <legend dir="auto">{each.text}</legend>
              <Radio.Group
                value={choices[each.column]}
                onChange={(event) => setChoices({ ...choices, [each.column]: event.target.value as number })}
                options={each.choices.map((label, value) => ({ value, label }))}
              />
            </fieldset>
          ))}
        </Panel>
      )}
      {found.missing.map((each) => (
        <Alert key={each.target} type="warning" showIcon title={t("import.missing", { target: labelOf(known, each.target) })} description={<span dir="auto">{each.fix}</span>} />
      ))}
      <Panel className="flush" title={t("import.columns")} about={t("import.columns_about", { records: format.number(found.records) })}>
        <ColumnTable
          {...{ found, known, mapping }}
          onMove={(column, targets) => {
            setTouched(true);
            setMapping(moved(mapping, column, targets));
          }}
        />
      </Panel>
      <Beginning of={found} />
      {agree.error && <Oops error={agree.error} />}
      <div className="row end">
        <Button type="primary" loading={agree.isPending} disabled={open.length > 0 && !touched} onClick={() => void keep().catch(() => undefined)}>
          {t("import.to_try")}
        </Button>
      </div>
    </>
  );
}

interface ColumnTableProps {
  found: Suggested;
  known: Schemas["entities"];
  mapping: Mapping;
  onMove: (column: string, targets: string[]) => void;
}

function ColumnTable({ found, known, mapping, onMove }: ColumnTableProps) {
  const { t } = useLanguage();
  const options = known.entities.map((entity) => ({
    label: entity.label,
    options: entity.attributes.map((each) => ({ value: `${entity.name}.${each.name}`, label: `${entity.label}: ${each.label}${each.required ? " *" : ""}` })),
  }));
  const names = Object.keys(found.beginning[0] ?? {});
  const reasons = new Map(found.reasons.map((each) => [each.column, each]));
  const columns = [...new Set([...names, ...reasons.keys()])];
  const rows = columns.map((column) => ({ column, why: reasons.get(column)?.why ?? "", example: reasons.get(column)?.example ?? found.beginning[0]?.[column] ?? "" }));
  return (
    <DataTable
      label={t("import.columns")}
      rowKey="column"
      dataSource={rows}
      pagination={false}
      columns={[
        {
          title: t("import.column"),
          key: "column",
          render: (_, row) => (
            <div className="name-cell">
              <strong dir="auto">{row.column}</strong>
              <span className="sentence" dir="auto">
                {row.example}
              </span>
            </div>
          ),
        },
        {
          title: t("import.goes_to"),
          key: "target",
          render: (_, row) => (
            <Select
              mode="multiple"
              aria-label={t("import.goes_to_of", { column: row.column })}
              value={targetsOf(mapping, row.column)}
              options={options}
              placeholder={t("import.left_out")}
              onChange={(targets: string[]) => onMove(row.column, targets)}
              showSearch={{ optionFilterProp: "label" }}
              popupMatchSelectWidth={340}
              style={{ width: 340, maxWidth: "60vw" }}
            />
          ),
        },
        { title: t("import.why"), dataIndex: "why", render: (why: string) => <span className="muted" dir="auto">{why}</span> },
      ]}
    />
  );
}

function Beginning({ of }: { of: Suggested }) {
  const { t } = useLanguage();
  const names = Object.keys(of.beginning[0] ?? {});
  if (!names.length) return null;
  return (
    <Panel title={t("import.beginning")}>
      <Scroll label={t("import.beginning")}>
        <table className="plain">
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col" dir="auto">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.beginning.slice(0, 8).map((row, place) => (
              <tr key={place}>
                {names.map((name) => (
                  <td key={name} dir="auto">
                    {row[name] ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function labelOf(known: Schemas["entities"], target: string): string {
  const [name, attribute] = target.split(".");
  const entity = known.entities.find((each) => each.name === name);
  const found = entity?.attributes.find((each) => each.name === attribute);
  return entity && found ? `${entity.label}: ${found.label}` : target;
}
