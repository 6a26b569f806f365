// Numbers, money, shares and days as people of the language write them.
import type { TFunction } from "i18next";
import { useMemo } from "react";

import type { Language } from "../app/language";
import { LANGUAGES, useLanguage, wayOf } from "../app/language";
import { useWorkspace } from "../app/workspace";

type Maybe<T> = T | null | undefined;
export interface Format {
  number: (value: Maybe<number>, digits?: number) => string;
  compact: (value: Maybe<number>) => string;
  money: (value: Maybe<number>, digits?: number) => string;
  compactMoney: (value: Maybe<number>) => string;
  share: (value: Maybe<number>, digits?: number) => string;
  change: (value: Maybe<number>) => string;
  /** By how much more or less: with a sign. */
  more: Pick<Format, "number" | "money">;
  index: (value: Maybe<number>) => string;
  day: (value: Maybe<string>) => string;
  moment: (value: Maybe<string>) => string;
  month: (value: Maybe<string>) => string;
  /** 1 is Monday. */
  weekday: (value: number) => string;
  /** 1 is January, in the calendar of the data. */
  monthOfYear: (value: number) => string;
  list: (values: string[]) => string;
}

export const NOTHING = "–";
const INSTANT = /^\d{4}-\d\d-\d\d(T.*)?$/;

/** Text whose direction is its own, whatever stands around it. */
export const apart = (text: string) => `\u2068${text}\u2069`;

/** The difference of two shares, in points of a hundred. */
export function points(value: Maybe<number>, format: Format, t: TFunction): string {
  return typeof value === "number" ? t("estimate.points", { value: apart(format.more.number(value * 100, 1)) }) : NOTHING;
}

/** Ways of writing, in the language of the page and the currency of the workspace. */
export function useFormat(): Format {
  const { language } = useLanguage();
  const { currency, timezone } = useWorkspace();
  return useMemo(
    () => formatOf(language, currency, timezone),
    [language, currency, timezone],
  );
}

/** Writes a value of a record as its type wants it; without a type, as it looks. */
export function useWritten(): (value: unknown, type?: string) => string {
  const { t } = useLanguage();
  const format = useFormat();
  return (value, type) => {
    if (value === null || value === undefined) return NOTHING;
    if (typeof value === "boolean") return t(value ? "builder.yes" : "builder.no");
    if (typeof value === "number") return type === "money" ? format.money(value, 2) : format.number(value, 2);
    const text = String(value);
    return type !== "text" && INSTANT.test(text) ? format.moment(text) : text;
  };
}

/** The same for a language, a currency and a zone. */
export function formatOf(language: Language, currency: string, timezone: string): Format {
  const numbers = (options: Intl.NumberFormatOptions) => (value: Maybe<number>) =>
    typeof value === "number" ? wayOf(Intl.NumberFormat, language, options).format(value) : NOTHING;
  const money = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const days = (options: Intl.DateTimeFormatOptions, calendar: string = LANGUAGES[language].calendar) => (date: Date) =>
    wayOf(Intl.DateTimeFormat, calendar, { timeZone: "UTC", ...options }).format(date);
  const day = days({ year: "numeric", month: "short", day: "numeric" });
  const month = days({ year: "numeric", month: "short" });
  const weekday = days({ weekday: "long" });
  const monthOfYear = days({ month: "long", calendar: "gregory" }, language);
  const moment = days({ dateStyle: "medium", timeStyle: "short", timeZone: timezone });
  const digits = (most: number) => ({ maximumFractionDigits: most });
  // cents in full or none at all: $12.50, and $12
  const cents = (most: number) => ({ ...money, ...digits(most), minimumFractionDigits: most, trailingZeroDisplay: "stripIfInteger" }) as const;
  const signed = { signDisplay: "exceptZero" } as const;
  return {
    number: (value, most = 0) => numbers(digits(most))(value),
    compact: numbers({ notation: "compact", maximumFractionDigits: 1 }),
    money: (value, most = 0) => numbers(cents(most))(value),
    compactMoney: (value) => (Math.abs(value ?? 0) < 1000 ? numbers(cents(0)) : numbers({ ...money, notation: "compact", maximumFractionDigits: 1 }))(value),
    share: (value, most = 1) => numbers({ style: "percent", ...digits(most) })(value),
    change: numbers({ ...signed, ...digits(0) }),
    more: {
      number: (value, most = 0) => numbers({ ...signed, ...digits(most) })(value),
      money: (value, most = 0) => numbers({ ...cents(most), ...signed })(value),
    },
    index: (value) => (typeof value === "number" ? `×${numbers({ maximumFractionDigits: 2 })(value)}` : NOTHING),
    day: (value) => (value ? day(dayOf(value)) : NOTHING),
    month: (value) => (value ? month(dayOf(value)) : NOTHING),
    weekday: (value) => weekday(new Date(Date.UTC(2024, 0, value))), // 1 January 2024 was a Monday
    monthOfYear: (value) => monthOfYear(new Date(Date.UTC(2024, value - 1, 1))),
    moment: (value) => {
      if (!value) return NOTHING;
      return value.length === 10 ? day(dayOf(value)) : moment(new Date(value));
    },
    list: (values) => wayOf(Intl.ListFormat, language, { type: "conjunction" }).format(values),
  };
}

function dayOf(value: string): Date {
  const text = value.slice(0, 10);
  return new Date(`${text.length === 7 ? `${text}-01` : text}T00:00:00Z`);
}
