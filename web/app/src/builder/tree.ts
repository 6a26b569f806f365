// The tree of a rule as the API has it, and the few moves by which it is edited. What nodes there
// are, what they hold and whether a tree makes sense is said by the API alone.
import type { Schemas } from "../api/client";

export type Words = Schemas["rule-words"];
export type Type = Words["features"][number]["type"];
export interface Tree {
  kind: string;
  [field: string]: unknown;
}
export type Window = Record<string, string>;

const GROUPS = ["and", "or"];

/** Whether a node joins others. */
export function isGroup(node: Tree): boolean {
  return GROUPS.includes(node.kind);
}

/** The nodes that a group joins. */
export function partsOf(node: Tree): Tree[] {
  return (node.parts as Tree[] | undefined) ?? [];
}

/** The tree as a group, so that more can be joined to it. */
export function grouped(node: Tree | null): Tree {
  if (!node) return { kind: "and", parts: [] };
  return isGroup(node) ? node : { kind: "and", parts: [node] };
}

/** The tree without what is still empty: a group of nothing is nothing, a group of one is that one. */
export function tidy(node: Tree): Tree | null {
  if (isGroup(node)) {
    const parts = partsOf(node).map(tidy).filter((part) => part !== null);
    return parts.length > 1 ? { ...node, parts } : (parts[0] ?? null);
  }
  if (node.kind === "not") {
    const part = tidy(node.part as Tree);
    return part && { ...node, part };
  }
  const fields = Object.entries(node).map(([name, value]) => [name, tidyField(value)] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== null)) as Tree;
}

function tidyField(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidyField).filter((each) => each !== null);
  return isNode(value) ? tidy(value) : value;
}

function isNode(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && typeof (value as Tree).kind === "string";
}

/** Where names are looked up: among features of customers, or among fields of a fact. */
export interface Scope {
  words: Words;
  fact: string | null;
}

export interface Named {
  name: string;
  label: string;
  type: Type;
  question?: string;
  values?: { value: string; label: string }[] | null;
}

/** What can be named in a scope. */
export function namesIn({ words, fact }: Scope): Named[] {
  const found = words.facts.find((each) => each.name === fact);
  if (!fact) return words.features;
  const times = found ? [["day", "date"], ["hour", "integer"]] as const : [];
  const known = new Set(found?.fields.map((each) => each.name));
  const named = times
    .map(([part, type]) => ({ name: found![part], label: found![part], type: type as Type }))
    .filter((each) => each.name && !known.has(each.name));
  return [...(found?.fields ?? []), ...named];
}

/** The type of a value, as far as it decides how a constant beside it is typed in. */
export function typeOf(node: Tree | undefined, scope: Scope): Type {
  if (!node) return "number";
  if (node.kind === "name") return namesIn(scope).find((each) => each.name === node.name)?.type ?? "text";
  if (node.kind === "constant") return node.type as Type;
  if (node.kind === "as_of") return "date";
  const listed = node.kind === "aggregate" ? scope.words.aggregates : scope.words.functions;
  const gives = listed.find((each) => each.name === node.function)?.gives;
  if (gives) return gives;
  if (["most_frequent", "distinctive", "aggregate"].includes(node.kind) && node.field) {
    return namesIn({ ...scope, fact: node.fact as string }).find((each) => each.name === node.field)?.type ?? "number";
  }
  return node.kind === "days_since" ? "integer" : "number";
}

/** A constant of a type: decimals are texts, so that none is rounded on its way. */
export function constant(type: Type, value: string | number | boolean): Tree {
  if (typeof value === "boolean") return { kind: "constant", type: "boolean", value };
  if (type === "text") return { kind: "constant", type, value: String(value) };
  if (type === "date" || type === "instant") return { kind: "constant", type: "date", value: String(value) };
  const number = Number(value);
  return Number.isInteger(number) ? { kind: "constant", type: "integer", value: number } : { kind: "constant", type: "number", value: String(value) };
}

/** What a kind of node holds. */
export function piecesOf(words: Words, kind: string) {
  return words.nodes.find((each) => each.kind === kind)?.fields ?? [];
}

/** A new node of a kind, its needed fields filled so that it can be counted at once. */
export function blank(words: Words, kind: string, fact: string | null): Tree {
  const node: Tree = { kind };
  for (const piece of piecesOf(words, kind)) {
    if (piece.optional) continue;
    const first = firstOf(words, piece, fact ?? words.facts[0]?.name ?? "");
    node[piece.name] = piece.many && !Array.isArray(first) ? [first, first] : first;
  }
  if (kind === "comparison") node.operator = ">=";
  return node;
}

type Piece = ReturnType<typeof piecesOf>[number];

function firstOf(words: Words, piece: Piece, fact: string): unknown {
  const { holds, options, name } = piece;
  const field = words.facts.find((each) => each.name === fact)?.fields[0]?.name ?? "";
  switch (holds) {
    case "condition":
      return { kind: "comparison", operator: "=", left: { kind: "name", name: field }, right: constant("integer", 1) };
    case "value":
      return name === "right" || name === "low" || name === "high" ? constant("integer", 1) : { kind: "name", name: words.features[0]?.name ?? "" };
    case "constant":
      return [];
    case "text":
      return options[0] ?? "";
    case "integer":
      return name === "of" ? 6 : 3;
    case "boolean":
      return true;
    case "decimal":
      return "0.5";
    case "span":
      return name === "every" ? "1 month" : "90 days";
    case "feature":
      return words.features.find((each) => each.type === "integer")?.name ?? "";
    case "fact":
      return fact;
    case "field":
      return field;
    case "segment":
      return words.segments[0]?.name ?? "";
    case "list":
      return words.lists[0] ?? "";
    default:
      return null;
  }
}

/** The condition that asking about a name begins with. */
export function asked({ name, type }: Named): Tree {
  const operand = { kind: "name", name };
  if (type === "boolean") return { kind: "is_true", operand };
  if (type === "text") return { kind: "in", operand, options: [] };
  const right = type === "date" || type === "instant" ? constant("date", new Date().toISOString().slice(0, 10)) : constant("integer", 1);
  return { kind: "comparison", operator: ">=", left: operand, right };
}
