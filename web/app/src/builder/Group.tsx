// Conditions that are joined: all of them, or any; one in another as deep as one likes.
import { CloseOutlined, GroupOutlined } from "@ant-design/icons";
import { Button, Segmented, Tooltip } from "antd";
import { useRef } from "react";

import { useLanguage } from "../app/language";
import { useFormat } from "../parts/format";
import { Add } from "./Add";
import { Condition } from "./Condition";
import type { Scope, Tree } from "./tree";
import { grouped, isGroup, partsOf } from "./tree";

interface GroupProps {
  node: Tree;
  scope: Scope;
  onChange: (node: Tree) => void;
  onRemove?: () => void;
  /** How many are left after each part, where that is known. */
  kept?: (number | null)[];
  depth?: number;
}

export function Group({ node, scope, onChange, onRemove, kept = [], depth = 0 }: GroupProps) {
  const { t } = useLanguage();
  const parts = partsOf(node);
  const foot = useRef<HTMLDivElement>(null);
  const put = (place: number, part: Tree | null) =>
    onChange({ ...node, parts: part ? parts.with(place, part) : parts.filter((_, each) => each !== place) });
  const remove = (place: number) => {
    put(place, null);
    foot.current?.querySelector("input")?.focus(); // what was pressed is gone
  };
  const more = (part: Tree) => onChange({ ...node, parts: [...parts, part] });
  return (
    <div className={`group depth-${depth % 3}`} role="group" aria-label={t(`builder.${node.kind}`)}>
      <div className="group-head">
        <Segmented
          size="small"
          aria-label={t("builder.joined")}
          value={node.kind}
          onChange={(kind) => onChange({ ...node, kind })}
          options={[
            { value: "and", label: t("builder.and") },
            { value: "or", label: t("builder.or") },
          ]}
        />
        <span className="spring" />
        {onRemove && (
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("builder.remove_group")} onClick={onRemove} />
        )}
      </div>
      {parts.map((part, place) => (
        <Part
          key={place}
          node={part}
          scope={scope}
          depth={depth}
          kept={kept[place]}
          onChange={(changed) => put(place, changed)}
          onRemove={() => remove(place)}
        />
      ))}
      <div className="group-foot" ref={foot}>
        <Add scope={scope} onAdd={more} />
        <Button size="small" type="text" icon={<GroupOutlined />} onClick={() => more({ kind: node.kind === "and" ? "or" : "and", parts: [] })}>
          {t("builder.add_group")}
        </Button>
      </div>
    </div>
  );
}

interface PartProps {
  node: Tree;
  scope: Scope;
  depth: number;
  kept?: number | null;
  onChange: (node: Tree) => void;
  onRemove: () => void;
}

/** A part of a group: a condition or another group, taken as it is or turned into its opposite. */
function Part({ node, scope, depth, kept, onChange, onRemove }: PartProps) {
  const { t } = useLanguage();
  const format = useFormat();
  const turned = node.kind === "not";
  const inner = turned ? (node.part as Tree) : node;
  const put = (part: Tree) => onChange(turned ? { kind: "not", part } : part);
  return (
    <div className="part">
      <Tooltip title={t("builder.not_about")}>
        <Button
          size="small"
          className={`not ${turned ? "on" : ""}`}
          aria-pressed={turned}
          onClick={() => onChange(turned ? inner : { kind: "not", part: node })}
        >
          {t("builder.not")}
        </Button>
      </Tooltip>
      <div className="part-inner">
        {isGroup(inner) ? (
          <Group node={inner} scope={scope} onChange={put} onRemove={onRemove} depth={depth + 1} />
        ) : (
          <Condition node={inner} scope={scope} onChange={put} depth={depth} />
        )}
      </div>
      {kept !== undefined && (
        <Tooltip title={typeof kept === "number" ? t("builder.kept", { count: kept }) : t("word.withheld")}>
          <span className="kept">{format.number(kept)}</span>
        </Tooltip>
      )}
      {!isGroup(inner) && (
        <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("builder.remove")} onClick={onRemove} />
      )}
    </div>
  );
}

/** Conditions on the rows of a fact, inside a condition on customers. */
export function Where({ node, scope, onChange, depth }: { node: Tree; scope: Scope; onChange: (node: Tree) => void; depth: number }) {
  return <Group node={grouped(node)} scope={scope} onChange={onChange} depth={depth + 1} />;
}
