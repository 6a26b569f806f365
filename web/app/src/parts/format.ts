// Numbers, money, shares and days as people of the language write them.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Language } from "../app/language";
import { LANGUAGES } from "../app/language";
import { useWorkspace } from "../app/workspace";

type Maybe<T> = T | null | undefined;
export interface Format {
  number: (value: Maybe<number>, digits?: number) => string;
  compact: (value: Maybe<number>) => string;
  money: (value: Maybe<number>, digits?: number) => string;
  compactMoney: (value: Maybe<number>) => string;
  share: (value: Maybe<number>, digits?: number) => string;
  change: (value: Maybe<number>) => string;
  index: (value: Maybe<number>) => string;
  day: (value: Maybe<string>) => string;
  moment: (value: Maybe<string>) => string;
  month: (value: Maybe<string>) => string;
  list: (values: string[]) => string;
}

export const NOTHING = "–";

/** Ways of writing, in the language of the page and the currency of the workspace. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { currency, timezone } = useWorkspace();
  return useMemo(
    () => formatOf(i18n.language as Language, currency, timezone),
    [i18n.language, currency, timezone],
  );
}

/** The same for a language, a currency and a zone. */
export function formatOf(language: Language, currency: string, timezone: string): Format {
  const numbers = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(language, options);
    return (value: Maybe<number>) => (typeof value === "number" ? format.format(value) : NOTHING);
  };
  const money = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const days = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LANGUAGES[language].calendar, options);
  const day = days({ year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  const month = days({ year: "numeric", month: "short", timeZone: "UTC" });
  const moment = days({ dateStyle: "medium", timeStyle: "short", timeZone: timezone });
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const digits = (most: number) => ({ maximumFractionDigits: most });
  return {
    number: (value, most = 0) => numbers(digits(most))(value),
    compact: numbers({ notation: "compact", maximumFractionDigits: 1 }),
    money: (value, most = 0) => numbers({ ...money, ...digits(most), minimumFractionDigits: 0 })(value),
    compactMoney: numbers({ ...money, notation: "compact", maximumFractionDigits: 1 }),
    share: (value, most = 1) => numbers({ style: "percent", ...digits(most) })(value),
    change: numbers({ signDisplay: "exceptZero", maximumFractionDigits: 0 }),
    index: (value) => (typeof value === "number" ? `×${numbers({ maximumFractionDigits: 2 })(value)}` : NOTHING),
    day: (value) => (value ? day.format(dayOf(value)) : NOTHING),
    month: (value) => (value ? month.format(dayOf(value)) : NOTHING),
    moment: (value) => {
      if (!value) return NOTHING;
      return value.length === 10 ? day.format(dayOf(value)) : moment.format(new Date(value));
    },
    list: (values) => list.format(values),
  };
}

function dayOf(value: string): Date {
  const text = value.slice(0, 10);
  return new Date(`${text.length === 7 ? `${text}-01` : text}T00:00:00Z`);
}
