// Places in the tree of a rule: JSON pointers, as the parts of a sentence have them.
import type { Scope, Tree } from "./tree";
import { isGroup, partsOf } from "./tree";

/** The steps of a pointer: names of fields and numbers in lists. */
export function stepsOf(pointer: string): string[] {
  return pointer.split("/").slice(1);
}

/** What stands at a place; nothing if the tree has no such place (any more). */
export function at(tree: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((found, step) => (found as Record<string, unknown> | undefined)?.[step], tree);
}

/** The tree with something else at a place. */
export function put(tree: unknown, pointer: string, value: unknown): Tree {
  return placed(tree, stepsOf(pointer), value) as Tree;
}

function placed(tree: unknown, [step, ...rest]: string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(tree)) return tree.with(Number(step), placed(tree[Number(step)], rest, value));
  const node = tree as Record<string, unknown>;
  return { ...node, [step]: placed(node[step], rest, value) };
}

/** The place that holds this one; the whole rule holds itself. */
export function outer(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}

/** The innermost node at or around a place: a window and a number belong to the node that has them. */
export function nodeAround(tree: Tree, pointer: string): string {
  let place = pointer;
  while (place && !isNode(at(tree, place))) place = outer(place);
  return place;
}

/** The innermost condition at or around a place; an `aggregate` belongs to what it is compared in. */
export function conditionAround(tree: Tree, pointer: string, { words }: Scope): string {
  const conditions = new Set(words.nodes.filter((each) => each.condition).map((each) => each.kind));
  let place = nodeAround(tree, pointer);
  while (place && !conditions.has((at(tree, place) as Tree).kind)) place = nodeAround(tree, outer(place));
  return place;
}

/** The scope at a place: inside a node about a fact, names are fields of that fact. */
export function scopeAt(tree: Tree, pointer: string, scope: Scope): Scope {
  let found = scope;
  let node: unknown = tree;
  for (const step of stepsOf(pointer)) {
    const { fact } = node as { fact?: unknown };
    if (typeof fact === "string") found = { ...scope, fact };
    node = (node as Record<string, unknown>)[step];
  }
  return found;
}

/** The rule without the condition at a place; nothing if nothing is left. */
export function without(tree: Tree, pointer: string): Tree | null {
  if (pointer === "") return null;
  const holder = outer(pointer);
  const inside = at(tree, holder);
  if (!Array.isArray(inside)) {
    const node = inside as Tree;
    if (node.kind === "not" || !isNode(node)) return without(tree, holder);
    const { [stepsOf(pointer).at(-1)!]: _, ...rest } = node;
    return put(tree, holder, rest);
  }
  const group = outer(holder);
  const left = inside.filter((_, each) => each !== Number(stepsOf(pointer).at(-1)));
  if (left.length === 1 && isGroup(at(tree, group) as Tree)) return put(tree, group, left[0]);
  return left.length ? put(tree, holder, left) : without(tree, group);
}

/** The rule with another condition beside the one at a place, joined as its neighbours are. */
export function beside(tree: Tree, pointer: string, more: Tree): Tree {
  const here = at(tree, pointer) as Tree;
  const group = pointer === "" ? here : (at(tree, outer(outer(pointer))) as Tree);
  if (isGroup(here)) return put(tree, pointer, { ...here, parts: [...partsOf(here), more] });
  if (pointer !== "" && isGroup(group)) return put(tree, outer(outer(pointer)), { ...group, parts: [...partsOf(group), more] });
  return put(tree, pointer, { kind: "and", parts: [here, more] });
}

/** The rule with the condition at a place turned into its opposite, or back. */
export function turned(tree: Tree, pointer: string): Tree {
  const here = at(tree, pointer) as Tree;
  const holder = pointer === "" ? undefined : (at(tree, outer(pointer)) as Tree);
  if (holder?.kind === "not") return put(tree, outer(pointer), here);
  if (here.kind === "not") return put(tree, pointer, here.part);
  return put(tree, pointer, { kind: "not", part: here });
}

/** Whether the condition at a place is turned into its opposite. */
export function isTurned(tree: Tree, pointer: string): boolean {
  return (at(tree, pointer) as Tree).kind === "not" || (pointer !== "" && (at(tree, outer(pointer)) as Tree).kind === "not");
}

function isNode(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && typeof (value as Tree).kind === "string";
}
