// What a node holds, each field with the control that its sort needs.
import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Select, Switch } from "antd";

import { useLanguage } from "../app/language";
import { Where } from "./Group";
import { SpanInput, WindowInput } from "./Time";
import { Constant, Options, Value } from "./Value";
import type { Scope, Tree, Type, Window } from "./tree";
import { blank, constant, grouped, namesIn, piecesOf } from "./tree";

interface FieldsProps {
  node: Tree;
  scope: Scope;
  onChange: (node: Tree) => void;
  depth: number;
}
type Piece = ReturnType<typeof piecesOf>[number];

export function Fields({ node, scope, onChange, depth }: FieldsProps) {
  const { t } = useLanguage();
  const inside: Scope = typeof node.fact === "string" ? { ...scope, fact: node.fact } : scope;
  const pieces = piecesOf(scope.words, node.kind);
  const absent = pieces.filter((piece) => piece.optional && node[piece.name] === undefined);
  const put = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = node;
    onChange(value === undefined ? (rest as Tree) : { ...node, [name]: value });
  };
  return (
    <>
      {pieces.map((piece) => {
        if (piece.optional && node[piece.name] === undefined) return null;
        return (
          <span key={piece.name} className={`field ${isWide(piece) ? "wide" : ""}`}>
            {pieces.length > 1 && <span className="muted field-name">{t(`field.${piece.name}`, { defaultValue: piece.name })}</span>}
            <Field node={node} piece={piece} scope={inside} depth={depth} onChange={(value) => put(piece.name, value)} />
            {piece.optional && (
              <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("builder.without", { field: t(`field.${piece.name}`, { defaultValue: piece.name }) })} onClick={() => put(piece.name, undefined)} />
            )}
          </span>
        );
      })}
      {absent.map((piece) => (
        <Button key={piece.name} type="dashed" size="small" icon={<PlusOutlined />} onClick={() => put(piece.name, begun(piece, inside, node))}>
          {t(`field.${piece.name}`, { defaultValue: piece.name })}
        </Button>
      ))}
    </>
  );
}

interface FieldProps {
  node: Tree;
  piece: Piece;
  scope: Scope;
  depth: number;
  onChange: (value: unknown) => void;
}

export function Field({ node, piece, scope, depth, onChange }: FieldProps) {
  const { t } = useLanguage();
  const value = node[piece.name];
  const label = t(`field.${piece.name}`, { defaultValue: piece.name });
  const choice = (options: { value: string; label: string }[]) => (
    <Select aria-label={label} value={value as string} options={options} onChange={onChange} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} className="choice" />
  );
  if (piece.many && piece.holds !== "constant") return <Several {...{ node, piece, scope, depth, onChange }} />;
  switch (piece.holds) {
    case "condition":
      return <Where node={value as Tree} scope={scope} onChange={onChange} depth={depth} />;
    case "value":
      return <Value node={value as Tree} scope={scope} onChange={onChange} depth={depth + 1} />;
    case "constant":
      return <Options like={node.operand as Tree} scope={scope} options={(value as Tree[]) ?? []} onChange={onChange} />;
    case "text":
      if (piece.options.length) return choice(piece.options.map((each) => ({ value: each, label: t(`choice.${each}`, { defaultValue: each }) })));
      return <Input aria-label={label} className="typed" value={value as string} onChange={(event) => onChange(event.target.value)} />;
    case "integer":
      return <InputNumber aria-label={label} className="typed" precision={0} value={value as number} onChange={(number) => number !== null && onChange(number)} />;
    case "decimal":
      return <InputNumber aria-label={label} className="typed" stringMode value={String(value)} onChange={(number) => number !== null && onChange(number)} />;
    case "boolean":
      return <Switch aria-label={label} checked={value as boolean} onChange={onChange} />;
    case "span":
      return <SpanInput value={value as string} units={scope.words.units} label={label} onChange={onChange} />;
    case "window":
      return <WindowInput value={value as Window} words={scope.words} onChange={onChange} />;
    case "feature":
      return choice(namesIn(scope).map((each) => ({ value: each.name, label: each.label })));
    case "fact":
      return choice(scope.words.facts.map((each) => ({ value: each.name, label: each.label })));
    case "field":
      return choice(namesIn(scope).map((each) => ({ value: each.name, label: each.label })));
    case "segment":
      return choice(scope.words.segments.map((each) => ({ value: each.name, label: each.label })));
    case "list":
      return choice(scope.words.lists.map((each) => ({ value: each, label: each })));
    default:
      return <Constant node={constant(node.type as Type, value as string)} type={node.type as Type} label={label} onChange={(typed) => onChange(typed.value)} />;
  }
}

/** A field that holds several of its sort, one after another. */
function Several({ node, piece, scope, depth, onChange }: FieldProps) {
  const { t } = useLanguage();
  const values = (node[piece.name] as unknown[] | undefined) ?? [];
  const one = { ...piece, many: false };
  return (
    <span className="several">
      {values.map((value, place) => (
        <span key={place} className="one-of">
          <Field node={{ ...node, [piece.name]: value }} piece={one} scope={scope} depth={depth} onChange={(changed) => onChange(values.with(place, changed))} />
          {values.length > 1 && (
            <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("builder.remove")} onClick={() => onChange(values.filter((_, each) => each !== place))} />
          )}
        </span>
      ))}
      <Button type="dashed" size="small" icon={<PlusOutlined />} onClick={() => onChange([...values, values.at(-1) ?? begun(one, scope, node)])}>
        {t("builder.more")}
      </Button>
    </span>
  );
}

/** What an optional field begins with when it is wanted. */
function begun(piece: Piece, scope: Scope, node: Tree): unknown {
  if (piece.holds === "condition") return grouped(null);
  if (piece.holds === "window") return { last: "90 days" };
  const made = blank({ ...scope.words, nodes: [{ kind: "", condition: false, fields: [{ ...piece, optional: false }] }] }, "", scope.fact ?? (node.fact as string | undefined) ?? null);
  return made[piece.name];
}

const isWide = (piece: Piece) => piece.holds === "condition" || (piece.many && piece.holds !== "constant");
