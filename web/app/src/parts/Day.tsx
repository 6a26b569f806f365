// A day, chosen or typed in the calendar of the page's language; days are texts like 2026-03-21.
import { DatePicker, Input } from "antd";
import type { DatePickerProps } from "antd";
import dayjs from "dayjs";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "./format";

const PersianDay = lazy(() => import("./PersianDay"));
const TYPED = "YYYY-MM-DD";

export interface DayProps extends Pick<DatePickerProps, "disabled" | "size" | "variant"> {
  label: string;
  value?: string;
  /** Whether there may be none. */
  clearable?: boolean;
  first?: string;
  last?: string;
  onChange: (day?: string) => void;
}

/** Written as days are everywhere in the page, and while it is typed as in the whole world. */
export function Day(props: DayProps) {
  const { i18n } = useTranslation();
  const format = useFormat();
  if (i18n.language !== "fa") return <CommonDay {...props} />;
  const shown = props.value ? format.day(props.value) : "";
  return (
    <Suspense fallback={<Input aria-label={props.label} size={props.size} value={shown} readOnly />}>
      <PersianDay {...props} />
    </Suspense>
  );
}

function CommonDay({ label, value, clearable = false, first, last, onChange, ...look }: DayProps) {
  const format = useFormat();
  const [typing, setTyping] = useState(false);
  return (
    <DatePicker
      {...look}
      aria-label={label}
      allowClear={clearable}
      value={day(value)}
      minDate={day(first)}
      maxDate={day(last)}
      format={typing ? TYPED : (chosen) => format.day(chosen.format(TYPED))}
      onFocus={() => setTyping(true)}
      onBlur={() => setTyping(false)}
      onChange={(chosen) => onChange(chosen?.format(TYPED))}
    />
  );
}

const day = (text?: string) => (text ? dayjs(text) : undefined);
