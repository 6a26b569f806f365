// The builder: conditions, the sentence they make, the text they are, and how many they keep.
import { SaveOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import type { Schemas } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useLanguage } from "../app/language";
import { useSession } from "../app/session";
import { Group } from "../builder/Group";
import { Sentence } from "../builder/Sentence";
import type { Tree } from "../builder/tree";
import { grouped, partsOf, tidy } from "../builder/tree";
import type { Draft } from "../builder/useDraft";
import { useDraft } from "../builder/useDraft";
import { Link } from "../parts/Link";
import { Oops } from "../parts/Oops";
import { Answered, Page, Panel } from "../parts/Page";
import { SaveSegment } from "../parts/SaveSegment";
import { shareOf, useCustomers } from "../parts/count";
import { useFormat } from "../parts/format";
import { Effect } from "../builder/Effect";
import { Kept } from "./segment/Rule";

type Saved = Schemas["segments-show"];
type Preview = Schemas["segments-preview"];

export function Builder() {
  const { t } = useLanguage();
  const [search] = useSearchParams();
  const name = search.get("segment");
  const words = useAnswer("/rules/words");
  const saved = useAnswer("/segments/{name}", { path: { name: name ?? "" } }, { enabled: name !== null });
  const title = name ? t("builder.of", { name: saved.data?.label || name }) : t("builder.new");
  return (
    <Page
      title={title}
      about={t("builder.about")}
      back={
        <Link to={name ? `/segments/${name}` : "/segments"} className="back">
          {name ? saved.data?.label || name : t("nav.segments")}
        </Link>
      }
    >
      <Answered of={words} rows={8}>
        {(found) =>
          name ? (
            <Answered of={saved}>{(segment) => <Desk words={found} saved={segment} key={segment.name} />}</Answered>
          ) : (
            <Desk words={found} start={search.get("rule") ?? ""} />
          )
        }
      </Answered>
    </Page>
  );
}

function Desk({ words, saved, start = "" }: { words: Schemas["rule-words"]; saved?: Saved; start?: string }) {
  const { t } = useLanguage();
  const format = useFormat();
  const { may } = useSession();
  const first = saved?.rule ?? start;
  const [draft, setDraft] = useState<Draft>(first ? { by: "text", text: first } : { by: "tree", tree: null });
  const [saving, setSaving] = useState(false);
  const found = useDraft(draft);
  const tree = useTree(draft, found.face);
  const parts = useLastParts(found);
  const scope = useMemo(() => ({ words, fact: null }), [words]);
  const text = draft.by === "text" ? draft.text : found.asked ? (found.face?.text ?? "") : "";
  const kept = keptOf(tree, found.count);
  const changed = saved !== undefined && found.sound && found.face!.text !== saved.rule;
  return (
    <div className="desk">
      <div className="stack">
        <Panel className="sides">
          <div>
            <SideHead title={t("builder.sentence")} about={t("builder.sentence_about")} />
            <div className={found.sound ? "" : "stale"} aria-live="polite">
              <Sentence parts={parts} tree={tree && tidy(tree)} scope={scope} waiting={found.busy} onChange={(next) => setDraft({ by: "tree", tree: next })} />
            </div>
          </div>
          <div>
            <SideHead title={t("rule.text")} about={t("builder.text_about")} />
            <Input.TextArea
              aria-label={t("rule.text")}
              dir="ltr"
              className="code"
              autoSize={{ minRows: 4, maxRows: 14 }}
              value={text}
              status={found.problems.length ? "error" : ""}
              placeholder="frequency >= 3 AND recency_days > 60"
              onChange={(event) => setDraft({ by: "text", text: event.target.value })}
            />
            {found.problems.map((problem) => (
              <p key={problem.message} className="problem" role="alert">
                {problem.line !== null && <span className="muted">{t("builder.at", { line: problem.line, column: problem.column ?? 1 })} </span>}
                <span dir="auto">
                  {problem.message} {problem.fix}
                </span>
              </p>
            ))}
            {found.error && <Oops error={found.error} />}
          </div>
        </Panel>
        <Panel title={t("builder.conditions")} about={t("builder.conditions_about")}>
          <Group node={grouped(tree)} scope={scope} kept={kept} onChange={(next) => setDraft({ by: "tree", tree: next })} />
        </Panel>
        {changed && <Effect name={saved.name} rule={found.face!.text} />}
      </div>
      <aside className="stack aside" aria-label={t("builder.count")}>
        <Count of={found.count} busy={found.busy && found.asked} asked={found.asked} />
        {may("define") && (
          <Button type="primary" size="large" block icon={<SaveOutlined />} disabled={!found.sound} onClick={() => setSaving(true)}>
            {t(saved ? "builder.save_change" : "save.as_segment")}
          </Button>
        )}
        {found.count && found.count.conditions.length > 0 && (
          <Panel title={t("builder.each")} about={t("builder.each_about")}>
            <Kept of={found.count.conditions} base={found.count.of} stacked />
            {found.count.hints?.map((hint) => (
              <p key={hint.condition} className="muted" dir="auto">
                {t("builder.hint", { condition: hint.condition, values: format.list(hint.values) })}
              </p>
            ))}
          </Panel>
        )}
      </aside>
      <SaveSegment rule={saving ? found.face!.text : null} label={saved?.label} name={saved?.name} onClose={() => setSaving(false)} />
    </div>
  );
}

/** The tree to show: the one that is edited, or the last one that the text was. */
function useTree(draft: Draft, face: Schemas["rule"] | undefined): Tree | null {
  const [last, setLast] = useState<Tree | null>(null);
  const read = (face?.rule as { rule?: Tree } | null | undefined)?.rule ?? null;
  useEffect(() => {
    if (draft.by === "text" && read) setLast(read);
  }, [draft.by, read]);
  return draft.by === "tree" ? draft.tree : (read ?? last);
}

/** The parts of the sentence; while something is wrong, those it had before. */
function useLastParts({ sound, face }: ReturnType<typeof useDraft>): Schemas["rule"]["parts"] {
  const [last, setLast] = useState<Schemas["rule"]["parts"]>([]);
  useEffect(() => {
    if (sound && face) setLast(face.parts);
  }, [sound, face]);
  return sound && face ? face.parts : last;
}

function SideHead({ title, about }: { title: string; about: string }) {
  return (
    <div className="panel-head">
      <div>
        <h2>{title}</h2>
        <p className="muted">{about}</p>
      </div>
    </div>
  );
}

/** How many are left after each part of the outermost group, where the count is of these parts. */
function keptOf(tree: Tree | null, count: Preview | undefined): (number | null)[] {
  const root = tree && tidy(tree);
  if (!root || !count || root.kind !== "and" || partsOf(grouped(tree)).length !== count.kept.length) return [];
  return count.kept.map((each) => each.customers);
}

function Count({ of, busy, asked }: { of: Preview | undefined; busy: boolean; asked: boolean }) {
  const { t } = useLanguage();
  const format = useFormat();
  const customers = useCustomers();
  const share = shareOf(of?.customers, of?.of);
  return (
    <section className={`panel count ${busy ? "busy" : ""}`} aria-busy={busy}>
      <h2>{t("builder.count")}</h2>
      {!asked && <p className="muted">{t("builder.count_none")}</p>}
      {asked && (
        <div aria-live="polite">
          <span className="count-number" data-count={of && !busy ? of.customers : undefined}>
            {format.number(of?.customers)}
          </span>
          <p className="muted">{of ? t("builder.count_of", { share: format.share(share), of: format.number(of.of) }) : "…"}</p>
          <div className="bar" aria-hidden>
            <i style={{ width: `${(share ?? 0) * 100}%` }} />
          </div>
          {of && of.missing_decided !== 0 && <p className="muted small">{t("builder.missing", { customers: customers(of.missing_decided) })}</p>}
          {of && <p className="muted small">{t("builder.exact", { day: format.moment(of.as_of) })}</p>}
        </div>
      )}
    </section>
  );
}
