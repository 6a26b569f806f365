// One more condition: about anything known of customers, about what they did, about segments.
import { PlusOutlined } from "@ant-design/icons";
import { Select } from "antd";
import type { TFunction } from "i18next";
import { useMemo } from "react";

import { useLanguage } from "../app/language";
import type { Scope, Tree } from "./tree";
import { asked, blank, constant, namesIn } from "./tree";

const QUESTIONS = ["who", "what", "why", "when", "where"];
const OF_VALUES = ["and", "or", "not", "is_true", "comparison", "in", "between", "is_missing", "text_match", "in_segment", "in_list"];

export function Add({ scope, onAdd }: { scope: Scope; onAdd: (node: Tree) => void }) {
  const { t } = useLanguage();
  const options = useMemo(() => optionsOf(scope, t), [scope, t]);
  const add = (chosen: string) => {
    const [what, which = ""] = chosen.split(/:(.*)/s);
    if (what === "name") return onAdd(asked(namesIn(scope).find((each) => each.name === which)!));
    if (what === "segment") return onAdd({ kind: "in_segment", name: which });
    if (what === "list") return onAdd({ kind: "in_list", name: which });
    if (what === "value") return onAdd({ kind: "comparison", operator: ">=", left: blank(scope.words, which, null), right: constant("integer", 1) });
    onAdd(blank(scope.words, which, null));
  };
  return (
    <Select
      aria-label={t("builder.add")}
      className="add"
      placeholder={t("builder.add")}
      prefix={<PlusOutlined />}
      value={null}
      options={options}
      onChange={(chosen: string | null) => chosen && add(chosen)}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={380}
      listHeight={360}
    />
  );
}

interface Option {
  label: string;
  value?: string;
  options?: { value: string; label: string }[];
}

function optionsOf(scope: Scope, t: TFunction): Option[] {
  const names = namesIn(scope);
  if (scope.fact) return names.map((each) => ({ value: `name:${each.name}`, label: each.label }));
  const { nodes, segments, lists, facts } = scope.words;
  const done = nodes.filter((each) => each.condition && !OF_VALUES.includes(each.kind));
  const counted = nodes.filter((each) => !each.condition && each.fields.some((field) => field.holds === "fact"));
  const of = (what: string) => (each: { kind: string }) => ({ value: `${what}:${each.kind}`, label: t(`node.${each.kind}`, { defaultValue: each.kind }) });
  return [
    ...QUESTIONS.map((question) => ({
      label: t(`question.${question}`),
      options: names.filter((each) => each.question === question).map((each) => ({ value: `name:${each.name}`, label: each.label })),
    })),
    { label: t("builder.did"), options: facts.length ? done.filter((each) => each.kind !== "anniversary").map(of("kind")) : [] },
    { label: t("builder.counted"), options: facts.length ? counted.map(of("value")) : [] },
    { label: t("builder.other"), options: done.filter((each) => each.kind === "anniversary").map(of("kind")) },
    { label: t("nav.segments"), options: segments.map((each) => ({ value: `segment:${each.name}`, label: each.label })) },
    { label: t("builder.lists"), options: lists.map((each) => ({ value: `list:${each}`, label: each })) },
  ].filter((each) => each.options.length > 0);
}
