// Spans of time (`90 days`) and windows (`in the last 90 days`), as the language spells them.
import { InputNumber, Select, Space } from "antd";
import dayjs from "dayjs";

import { useLanguage } from "../app/language";
import { Day } from "../parts/Day";
import type { Window, Words } from "./tree";

const PERIODS = ["today", "yesterday", "this week", "last week", "this month", "last month", "this quarter", "last quarter", "this year", "last year"];
const AGO = " ago";
const TO = " to ";
const DAY = "YYYY-MM-DD";

export function SpanInput({ value, units, label, onChange }: { value: string; units: string[]; label: string; onChange: (span: string) => void }) {
  const { t } = useLanguage();
  const [count, unit] = parts(value, units);
  return (
    <Space.Compact>
      <InputNumber aria-label={label} min={1} precision={0} className="count" value={count} onChange={(number) => number && onChange(spelled(number, unit))} />
      <Select
        aria-label={t("builder.unit")}
        value={unit}
        options={units.map((each) => ({ value: each, label: t(`unit.${each}`, { count }) }))}
        onChange={(chosen) => onChange(spelled(count, chosen))}
        popupMatchSelectWidth={false}
      />
    </Space.Compact>
  );
}

export function WindowInput({ value, words, onChange }: { value: Window; words: Words; onChange: (window: Window) => void }) {
  const { t } = useLanguage();
  const [form = "last", text = "90 days"] = Object.entries(value)[0] ?? [];
  const choose = (next: string) => onChange({ [next]: FIRST[next] ?? "90 days" });
  return (
    <Space.Compact className="window">
      <Select
        aria-label={t("builder.window")}
        value={form}
        options={words.windows.map((each) => ({ value: each, label: t(`window.${each}`, { defaultValue: each }) }))}
        onChange={choose}
        popupMatchSelectWidth={false}
      />
      <Extent form={form} text={text} units={words.units} onChange={(changed) => onChange({ [form]: changed })} />
    </Space.Compact>
  );
}

const FIRST: Record<string, string> = {
  last: "90 days",
  between: "180 days and 90 days ago",
  during: "last month",
  since: dayjs().startOf("year").format(DAY),
  before: "90 days ago",
};

function Extent({ form, text, units, onChange }: { form: string; text: string; units: string[]; onChange: (text: string) => void }) {
  const { t } = useLanguage();
  const label = t(`window.${form}`, { defaultValue: form });
  if (form === "during") return <During text={text} label={label} onChange={onChange} />;
  if (/\d{4}-\d\d-\d\d/.test(text)) {
    return <Day label={label} value={text} onChange={(day) => day && onChange(day)} />;
  }
  if (form === "between") {
    const [start = "", end = ""] = text.replace(AGO, "").split(" and ");
    return (
      <>
        <SpanInput value={start} units={units} label={label} onChange={(span) => onChange(`${span} and ${end}${AGO}`)} />
        <SpanInput value={end} units={units} label={label} onChange={(span) => onChange(`${start} and ${span}${AGO}`)} />
      </>
    );
  }
  const ago = text.endsWith(AGO) ? AGO : "";
  return <SpanInput value={text.replace(AGO, "")} units={units} label={label} onChange={(span) => onChange(span + ago)} />;
}

/** A period of the calendar, or all days from one to another. */
function During({ text, label, onChange }: { text: string; label: string; onChange: (text: string) => void }) {
  const { t } = useLanguage();
  const [first, last] = text.split(TO);
  const year = dayjs().startOf("year");
  const periods = PERIODS.map((each) => ({ value: each, label: t(`period.${each}`) }));
  return (
    <>
      <Select
        aria-label={label}
        value={last ? TO : text}
        options={[...periods, { value: TO, label: t("builder.from_to") }]}
        onChange={(chosen) => onChange(chosen === TO ? year.format(DAY) + TO + dayjs().format(DAY) : chosen)}
        popupMatchSelectWidth={false}
      />
      {last && (
        <>
          <Day label={t("builder.day_first")} value={first} last={last} onChange={(day) => onChange(day + TO + last)} />
          <Day label={t("builder.day_last")} value={last} first={first} onChange={(day) => onChange(first + TO + day)} />
        </>
      )}
    </>
  );
}

function parts(span: string, units: string[]): [number, string] {
  const [count = "1", word = ""] = span.split(" ");
  return [Number(count) || 1, units.find((unit) => word.startsWith(unit)) ?? "day"];
}

const spelled = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;
