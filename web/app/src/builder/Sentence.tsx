// The rule as a sentence whose parts are pressed to change them: the API says which part of the
// tree says which words, and every part opens the control that this part needs.
import { DeleteOutlined } from "@ant-design/icons";
import { Button, Popover, Segmented } from "antd";
import type { KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";

import type { Schemas } from "../api/client";
import { useLanguage } from "../app/language";
import { Add } from "./Add";
import { Condition, OF_A_VALUE, formOf, reshaped } from "./Condition";
import { Field } from "./Fields";
import { Options, Value } from "./Value";
import { at, beside, conditionAround, isTurned, nodeAround, outer, put, scopeAt, stepsOf, turned, without } from "./place";
import type { Scope, Tree } from "./tree";
import { isGroup, piecesOf, typeOf } from "./tree";

type Part = Schemas["rule"]["parts"][number];
interface SentenceProps {
  parts: Part[];
  tree: Tree | null;
  scope: Scope;
  /** Whether there is a rule that is still being read. */
  waiting: boolean;
  onChange: (tree: Tree | null) => void;
}

export function Sentence({ parts, tree, scope, waiting, onChange }: SentenceProps) {
  const { t } = useLanguage();
  const [open, setOpen] = useState<string | null>(null);
  const seen: Record<string, number> = {};
  return (
    <div className="said" dir="auto">
      {tree && parts.map((part) => {
        seen[part.pointer] = (seen[part.pointer] ?? 0) + 1;
        const key = `${part.pointer}#${seen[part.pointer]}`;
        return <Said key={key} part={part} {...{ tree, scope, onChange }} open={open === key} onOpen={(wanted) => setOpen(wanted ? key : null)} />;
      })}
      {!tree && <p className="muted">{waiting ? "…" : t("builder.no_sentence")}</p>}
      <div className="said-foot">
        <Add scope={scope} onAdd={(more) => onChange(tree ? beside(tree, "", more) : more)} />
      </div>
    </div>
  );
}

// What surrounds the words: spaces, brackets, quotation marks, marks of direction.
const AROUND = /^([\s()[\],.:;“”«»„"\u2066-\u2069\u200e\u200f،؛]*)(.*?)([\s()[\],.:;“”«»„"\u2066-\u2069\u200e\u200f،؛]*)$/su;

interface SaidProps {
  part: Part;
  tree: Tree;
  scope: Scope;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (tree: Tree | null) => void;
}

function Said({ part, tree, scope, open, onOpen, onChange }: SaidProps) {
  const chip = useRef<HTMLButtonElement>(null);
  const [, before = "", words = "", after = ""] = AROUND.exec(part.text) ?? [];
  const stands = at(tree, part.pointer) !== undefined;
  if (!words || !stands) return <span className="said-text">{part.text}</span>;
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    onOpen(false);
    chip.current?.focus();
  };
  return (
    <>
      <span className="said-text">{before}</span>
      <Popover
        open={open}
        onOpenChange={onOpen}
        trigger="click"
        placement="bottom"
        destroyOnHidden
        getPopupContainer={(chip) => chip.parentElement ?? document.body}
        content={
          <div onKeyDown={close} role="dialog" aria-label={words}>
            <Editor {...{ tree, scope }} pointer={part.pointer} onChange={(next, keep) => (onChange(next), keep || onOpen(false))} />
          </div>
        }
      >
        <button type="button" ref={chip} className={`said-chip ${sortOf(tree, part.pointer, scope)}`} aria-haspopup="dialog" aria-expanded={open}>
          {words}
        </button>
      </Popover>
      <span className="said-text">{after}</span>
    </>
  );
}

/** What a part is, as far as it decides how it looks: a value, what is done with it, or a joint. */
function sortOf(tree: Tree, pointer: string, scope: Scope): "joint" | "verb" | "value" {
  const here = at(tree, pointer) as Tree | undefined;
  if (here && isGroup(here)) return "joint";
  return conditionAround(tree, pointer, scope) === pointer ? "verb" : "value";
}

interface EditorProps {
  tree: Tree;
  pointer: string;
  scope: Scope;
  /** The changed rule; `keep` where one may go on changing the same part. */
  onChange: (tree: Tree | null, keep: boolean) => void;
}

function Editor({ tree, pointer, scope, onChange }: EditorProps) {
  const { t } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("input, button, textarea")?.focus();
  }, [whole]);
  const condition = conditionAround(tree, pointer, scope);
  const on = isTurned(tree, condition);
  return (
    <div className="said-editor" ref={box}>
      <div className="said-control">
        <Control tree={tree} pointer={whole ? condition : pointer} scope={scope} onChange={(next) => onChange(next, true)} />
      </div>
      <div className="said-actions">
        <Button size="small" className={`not ${on ? "on" : ""}`} aria-pressed={on} onClick={() => onChange(turned(tree, condition), false)}>
          {t("builder.turn")}
        </Button>
        {!whole && condition !== pointer && (
          <Button size="small" type="text" onClick={() => setWhole(true)}>
            {t("builder.whole")}
          </Button>
        )}
        <Button size="small" type="text" danger icon={<DeleteOutlined />} onClick={() => onChange(without(tree, condition), false)}>
          {t("action.remove")}
        </Button>
      </div>
      <Add scope={scopeAt(tree, condition, scope)} onAdd={(more) => onChange(beside(tree, condition, more), false)} />
    </div>
  );
}

/** The control that the part at a place is changed with. */
function Control({ tree, pointer, scope, onChange }: { tree: Tree; pointer: string; scope: Scope; onChange: (tree: Tree) => void }) {
  const { t } = useLanguage();
  const here = at(tree, pointer);
  const inner = scopeAt(tree, pointer, scope);
  const change = (place: string) => (value: unknown) => onChange(put(tree, place, value));
  const holder = nodeAround(tree, outer(pointer));
  const node = at(tree, holder) as Tree;
  const [name = "", number] = stepsOf(pointer.slice(holder.length));
  const condition = conditionAround(tree, pointer, scope) === pointer;
  if (condition && isGroup(here as Tree)) {
    return (
      <Segmented
        aria-label={t("builder.joined")}
        value={(here as Tree).kind}
        onChange={(kind) => change(pointer)({ ...(here as Tree), kind })}
        options={["and", "or"].map((kind) => ({ value: kind, label: t(`builder.${kind}`) }))}
      />
    );
  }
  if (condition || pointer === "") return <Condition node={here as Tree} scope={inner} depth={1} onChange={change(pointer)} />;
  const operand = (node.left ?? node.operand) as Tree;
  if (OF_A_VALUE.includes(node.kind)) {
    if (here === operand) {
      return <Value node={operand} scope={inner} depth={1} onChange={(value) => change(holder)(reshaped(node, formOf(node), value, typeOf(value, inner)))} />;
    }
    if (name === "options") return <Options like={operand} scope={inner} options={node.options as Tree[]} onChange={change(`${holder}/options`)} />;
    if (name !== "part") return <Value node={here as Tree} like={operand} scope={inner} depth={1} onChange={change(pointer)} />;
  }
  const piece = piecesOf(scope.words, node.kind).find((each) => each.name === name);
  if (!piece) return <Condition node={node} scope={scopeAt(tree, holder, scope)} depth={1} onChange={change(holder)} />;
  const one = number === undefined ? piece : { ...piece, many: false };
  return <Field node={{ ...node, [name]: here }} piece={one} scope={inner} depth={1} onChange={change(pointer)} />;
}
