// A day, chosen or typed in the calendar of the page's language.
import { DatePicker, Input } from "antd";
import dayjs from "dayjs";
import { Suspense, lazy } from "react";

import { useLanguage } from "../app/language";
import type { DayProps } from "./dayPicker";
import { dayPicker } from "./dayPicker";
import { useFormat } from "./format";

const TYPED = "YYYY-MM-DD";
const CommonDay = dayPicker(DatePicker, { typed: TYPED, day: (text) => dayjs(text), text: (day) => day.format(TYPED) });
const PersianDay = lazy(() => import("./PersianDay"));

export function Day(props: DayProps) {
  const { language } = useLanguage();
  const format = useFormat();
  if (language !== "fa") return <CommonDay {...props} />;
  const shown = props.value ? format.day(props.value) : "";
  return (
    <Suspense fallback={<Input aria-label={props.label} size={props.size} value={shown} readOnly />}>
      <PersianDay {...props} />
    </Suspense>
  );
}
