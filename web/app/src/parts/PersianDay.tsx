// Days of the Persian calendar; loaded only where Persian is read.
import generateConfig from "@rc-component/picker/generate/dateFns"; // counts as date-fns-jalali does: vite.config.ts
import { DatePicker } from "antd";
import { faIR } from "date-fns-jalali/locale";
import type { Month } from "date-fns-jalali";
import { useState } from "react";

import type { DayProps } from "./Day";
import { useFormat } from "./format";

const TYPED = "YYYY/MM/DD";
const ZERO = "۰".charCodeAt(0);
const { locale } = generateConfig;

const Picker = DatePicker.generatePicker<Date>({
  ...generateConfig,
  locale: {
    ...locale,
    getShortMonths: () => Array.from({ length: 12 }, (_, month) => faIR.localize.month(month as Month)),
    getShortWeekDays: (name) => locale.getShortWeekDays?.(name).map(inPersian) ?? [],
    format: (...asked) => inPersian(locale.format(...asked) ?? ""),
    parse: (name, text, formats) => locale.parse(name, inLatin(text), formats),
  },
});

export default function PersianDay({ label, value, clearable = false, first, last, onChange, ...look }: DayProps) {
  const format = useFormat();
  const [typing, setTyping] = useState(false);
  return (
    <Picker
      {...look}
      aria-label={label}
      allowClear={clearable}
      value={day(value)}
      minDate={day(first)}
      maxDate={day(last)}
      format={typing ? TYPED : (chosen) => format.day(textOf(chosen))}
      onFocus={() => setTyping(true)}
      onBlur={() => setTyping(false)}
      onChange={(chosen) => onChange(chosen ? textOf(chosen) : undefined)}
    />
  );
}

/** A day of the zone of the browser, as the calendar counts. */
const day = (text?: string) => (text ? new Date(`${text.slice(0, 10)}T00:00`) : undefined);

const textOf = (chosen: Date) => [chosen.getFullYear(), chosen.getMonth() + 1, chosen.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

const inPersian = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(ZERO + Number(digit)));

const inLatin = (text: string) => text.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - ZERO));
