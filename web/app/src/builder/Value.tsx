// A value: something known of a customer, something counted from records, or what is typed in.
import { SwapOutlined } from "@ant-design/icons";
import { AutoComplete, Input, InputNumber, Select } from "antd";
import { useMemo, useState } from "react";

import { useAnswer } from "../api/hooks";
import { useLanguage } from "../app/language";
import { Day } from "../parts/Day";
import { Fields } from "./Fields";
import type { Scope, Tree, Type } from "./tree";
import { blank, constant, namesIn, typeOf } from "./tree";

interface ValueProps {
  node: Tree;
  scope: Scope;
  onChange: (node: Tree) => void;
  depth: number;
  /** What it is compared with: a constant is typed in as that is. */
  like?: Tree;
}

const TYPED = "constant";

export function Value({ node, scope, onChange, depth, like }: ValueProps) {
  const { t } = useLanguage();
  const options = useValueOptions(scope, like !== undefined);
  const type = like ? typeOf(like, scope) : "number";
  const key = node.kind === "name" ? `name:${String(node.name)}` : `kind:${node.kind}`;
  const choose = (chosen: string) => {
    const [what, which = ""] = chosen.split(/:(.*)/s);
    if (what === "name") return onChange({ kind: "name", name: which });
    if (which === TYPED) return onChange(constant(type, type === "text" ? "" : 1));
    onChange(blank(scope.words, which, null));
  };
  const typed = node.kind === TYPED;
  return (
    <span className={typed || node.kind === "name" ? "value" : "value wide"}>
      {!(typed && like) && (
        <Select
          aria-label={t("builder.value_of")}
          className="names"
          value={key}
          options={options}
          labelRender={({ label, value }) => label ?? String(value).replace(/^\w+:/, "").replaceAll("_", " ")}
          onChange={choose}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={320}
        />
      )}
      {typed && <Constant node={node} type={like ? type : (node.type as Type)} like={like} scope={scope} onChange={onChange} label={t("builder.value")} />}
      {typed && like && (
        <Select
          aria-label={t("builder.instead")}
          className="instead"
          value={null}
          suffixIcon={<SwapOutlined />}
          options={options}
          onChange={(chosen: string | null) => chosen && choose(chosen)}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={320}
        />
      )}
      {!typed && node.kind !== "name" && <Fields node={node} scope={scope} onChange={onChange} depth={depth} />}
    </span>
  );
}

/** Everything that a value can be, to choose from. */
function useValueOptions(scope: Scope, withTyped: boolean) {
  const { t } = useLanguage();
  return useMemo(() => {
    const kinds = scope.words.nodes.filter((each) => !each.condition && each.kind !== "name" && (withTyped || each.kind !== TYPED));
    const named = namesIn(scope).map((each) => ({ value: `name:${each.name}`, label: each.label }));
    return [
      { label: t("builder.known"), options: named },
      { label: t("builder.computed"), options: kinds.map((each) => ({ value: `kind:${each.kind}`, label: t(`node.${each.kind}`, { defaultValue: each.kind }) })) },
    ];
  }, [scope, withTyped, t]);
}

interface ConstantProps {
  node: Tree;
  type: Type;
  label: string;
  like?: Tree;
  scope?: Scope;
  onChange: (node: Tree) => void;
}

/** A value that is typed in. */
export function Constant({ node, type, like, scope, label, onChange }: ConstantProps) {
  const { t } = useLanguage();
  const value = node.value;
  if (type === "boolean") {
    const options = [true, false].map((each) => ({ value: String(each), label: t(each ? "builder.yes" : "builder.no") }));
    return <Select aria-label={label} value={String(value)} options={options} onChange={(chosen) => onChange(constant(type, chosen === "true"))} />;
  }
  if (type === "date" || type === "instant") {
    return <Day label={label} value={String(value)} onChange={(day) => day && onChange(constant("date", day))} />;
  }
  if (type === "text") {
    return like && scope ? (
      <Suggested value={String(value ?? "")} of={like} scope={scope} label={label} onChange={(text) => onChange(constant("text", text))} />
    ) : (
      <Input aria-label={label} className="typed" value={String(value ?? "")} onChange={(event) => onChange(constant("text", event.target.value))} />
    );
  }
  return <InputNumber aria-label={label} className="typed" stringMode value={String(value ?? "")} onChange={(number) => number !== null && number !== "" && onChange(constant(type, number))} />;
}

function Suggested({ value, of, scope, label, onChange }: { value: string; of: Tree; scope: Scope; label: string; onChange: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const options = useValues(of, scope, open);
  return (
    <AutoComplete
      aria-label={label}
      className="typed"
      value={value}
      options={options}
      onOpenChange={setOpen}
      onChange={(text: string) => onChange(text)}
      showSearch={{ filterOption: (part, option) => String(option?.label ?? "").toLowerCase().includes(part.toLowerCase()) }}
      popupMatchSelectWidth={false}
    />
  );
}

/** Several values, chosen from the most frequent or typed in; pasted ones are taken apart. */
export function Options({ like, scope, options, onChange }: { like: Tree; scope: Scope; options: Tree[]; onChange: (options: Tree[]) => void }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const type = typeOf(like, scope);
  const known = useValues(like, scope, open || options.length > 0);
  return (
    <Select
      mode="tags"
      aria-label={t("builder.values")}
      placeholder={t("builder.values")}
      className="options"
      value={options.map((each) => String(each.value))}
      options={known}
      onOpenChange={setOpen}
      onChange={(chosen: string[]) => onChange(chosen.map((each) => constant(type, each)))}
      tokenSeparators={["|", ";", "\n"]}
      showSearch={{ optionFilterProp: "label" }}
      maxTagCount="responsive"
    />
  );
}

/** The values that there are: declared ones, else the most frequent. */
function useValues(of: Tree, scope: Scope, wanted: boolean) {
  const name = of.kind === "name" ? String(of.name) : "";
  const declared = namesIn(scope).find((each) => each.name === name)?.values;
  const text = name !== "" && typeOf(of, scope) === "text";
  const { data } = useAnswer("/rules/values", { query: { of: scope.fact ? `${scope.fact}.${name}` : name } }, { enabled: wanted && text && !declared });
  return declared ?? data?.values.map(({ value }) => ({ value, label: value })) ?? [];
}
