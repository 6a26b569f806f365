// One condition. A comparison reads like a sentence; every other kind shows what the API says it
// holds, field by field, so that a kind that is new there needs nothing new here.
import { Select } from "antd";

import { useLanguage } from "../app/language";
import { Fields } from "./Fields";
import { Constant, Options, Value } from "./Value";
import type { Scope, Tree } from "./tree";
import { constant, typeOf } from "./tree";

interface ConditionProps {
  node: Tree;
  scope: Scope;
  onChange: (node: Tree) => void;
  depth: number;
}

export function Condition(props: ConditionProps) {
  return OF_A_VALUE.includes(props.node.kind) ? <OfValue {...props} /> : <OfRecords {...props} />;
}

export const OF_A_VALUE = ["comparison", "in", "between", "is_missing", "is_true", "text_match"];

/** A condition that begins with a value: what is asked of it can be changed, and the value stays. */
function OfValue({ node, scope, onChange, depth }: ConditionProps) {
  const { t } = useLanguage();
  const operand = (node.left ?? node.operand) as Tree;
  const type = typeOf(operand, scope);
  const forms = formsOf(scope, type).map((form) => ({ value: form, label: t(`operator.${form}`) }));
  const put = (field: string) => (value: unknown) => onChange({ ...node, [field]: value });
  return (
    <div className="condition">
      <Value node={operand} scope={scope} depth={depth} onChange={(value) => onChange(reshaped(node, formOf(node), value, typeOf(value, scope)))} />
      <Select
        aria-label={t("builder.operator")}
        value={formOf(node)}
        options={forms}
        onChange={(form) => onChange(reshaped(node, form, operand, type))}
        popupMatchSelectWidth={false}
        className="operator"
      />
      {node.kind === "comparison" && <Value node={node.right as Tree} like={operand} scope={scope} depth={depth} onChange={put("right")} />}
      {node.kind === "in" && <Options like={operand} scope={scope} options={(node.options as Tree[]) ?? []} onChange={put("options")} />}
      {node.kind === "between" && (
        <>
          <Value node={node.low as Tree} like={operand} scope={scope} depth={depth} onChange={put("low")} />
          <span className="muted">{t("builder.to")}</span>
          <Value node={node.high as Tree} like={operand} scope={scope} depth={depth} onChange={put("high")} />
        </>
      )}
      {node.kind === "text_match" && (
        <Constant node={constant("text", node.part as string)} type="text" onChange={(value) => put("part")(value.value)} label={t("builder.value")} />
      )}
    </div>
  );
}

function OfRecords({ node, scope, onChange, depth }: ConditionProps) {
  const { t } = useLanguage();
  const kinds = scope.words.nodes.filter((each) => each.condition && each.kind === node.kind);
  return (
    <div className="condition">
      <strong className="kind">{t(`node.${kinds[0]?.kind ?? node.kind}`, { defaultValue: node.kind })}</strong>
      <Fields node={node} scope={scope} onChange={onChange} depth={depth} />
    </div>
  );
}

/** What can be asked of a value of a type. */
function formsOf({ words }: Scope, type: string): string[] {
  const matches = words.nodes.find((each) => each.kind === "text_match")?.fields.find((each) => each.name === "how")?.options ?? [];
  if (type === "boolean") return ["is_true", "=", "<>", "is_missing"];
  const compared = words.operators[type] ?? ["="];
  if (type === "text") return ["in", ...matches, ...compared, "is_missing"];
  return [...compared, "between", "in", "is_missing"];
}

export function formOf(node: Tree): string {
  if (node.kind === "comparison") return node.operator as string;
  return node.kind === "text_match" ? (node.how as string) : node.kind;
}

/** The condition in another form, with whatever it was compared with if that still fits. */
export function reshaped(node: Tree, form: string, operand: Tree, type: ReturnType<typeof typeOf>): Tree {
  const before = [node.right, node.low, (node.options as Tree[] | undefined)?.[0]].find(Boolean) as Tree | undefined;
  const fits = before && (before.kind !== "constant" || isText(before.type) === isText(type));
  const value = fits ? before : constant(type, type === "text" ? "" : type === "date" || type === "instant" ? today() : 1);
  switch (form) {
    case "in":
      return { kind: form, operand, options: fits && node.kind === "in" ? node.options : [] };
    case "between":
      return { kind: form, operand, low: value, high: (node.high as Tree | undefined) ?? value };
    case "is_missing":
    case "is_true":
      return { kind: form, operand };
    case "contains":
    case "starts_with":
    case "ends_with":
    case "matches":
      return { kind: "text_match", how: form, operand, part: (node.part as string | undefined) ?? "" };
    default:
      return { kind: "comparison", operator: form, left: operand, right: value };
  }
}

const isText = (type: unknown) => type === "text";
const today = () => new Date().toISOString().slice(0, 10);
