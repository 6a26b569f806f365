// Days of the Persian calendar; loaded only where Persian is read.
import generateConfig from "@rc-component/picker/generate/dateFns"; // counts as date-fns-jalali does: vite.config.ts
import { DatePicker } from "antd";
import { faIR } from "date-fns-jalali/locale";
import type { Month } from "date-fns-jalali";

import { dayPicker } from "./dayPicker";

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

/** Days are those of the zone of the browser, as the calendar counts. */
export default dayPicker(Picker, {
  typed: "YYYY/MM/DD",
  day: (text) => new Date(`${text.slice(0, 10)}T00:00`),
  text: (day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-"),
});

function inPersian(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(ZERO + Number(digit)));
}

function inLatin(text: string): string {
  return text.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - ZERO));
}
