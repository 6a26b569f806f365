// The five languages: their catalogues, the packs of the components, numbers and days.
import type { Locale } from "antd/es/locale";
import type { TFunction } from "i18next";
import i18next from "i18next";
import { useSyncExternalStore } from "react";

export const LANGUAGES = {
  en: { name: "English", dir: "ltr", calendar: "en-GB" },
  uk: { name: "Українська", dir: "ltr", calendar: "uk-UA" },
  ru: { name: "Русский", dir: "ltr", calendar: "ru-RU" },
  pl: { name: "Polski", dir: "ltr", calendar: "pl-PL" },
  fa: { name: "فارسی", dir: "rtl", calendar: "fa-IR-u-ca-persian" },
} as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "segmentry.language";
const catalogues = import.meta.glob<{ default: object }>("../locale/*.json");
const packs: Record<Language, () => Promise<unknown>> = {
  en: () => import("antd/locale/en_GB"),
  uk: () => import("antd/locale/uk_UA"),
  ru: () => import("antd/locale/ru_RU"),
  pl: () => import("antd/locale/pl_PL"),
  fa: () => import("antd/locale/fa_IR"),
};

/** Starts with the language chosen last, or the browser's; English when it is neither. */
export async function startLanguage() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((each) => each.slice(0, 2))];
  const first = (wanted.find((each) => each && each in LANGUAGES) ?? "en") as Language;
  const [words, pack] = await Promise.all([catalogue(first), packOf(first)]);
  await i18next.init({
    lng: first,
    fallbackLng: false,
    keySeparator: false, // keys are flat: easier to find
    nsSeparator: false,
    resources: { [first]: { translation: words } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  i18next.services.formatter?.add("number", (value, lng) => wayOf(Intl.NumberFormat, lng ?? first, {}).format(value));
  begin(first, pack);
}

/** Changes the language of everything; kept for the next time. */
export async function speak(language: Language) {
  const [words, pack] = await Promise.all([catalogue(language), packOf(language)]);
  i18next.addResourceBundle(language, "translation", words);
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
  begin(language, pack);
}

interface Spoken {
  language: Language;
  /** Whether it is written from right to left. */
  rtl: boolean;
  t: TFunction;
  /** The words of the components themselves (pages of a table, days of a calendar). */
  pack: Locale;
}
let spoken: Spoken;
const listeners = new Set<() => void>();

/** The language of the page and its words; whoever asks is drawn again when it changes. */
export function useLanguage(): Spoken {
  return useSyncExternalStore(listen, () => spoken);
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function begin(language: Language, pack: Locale) {
  const { dir } = LANGUAGES[language];
  spoken = { language, rtl: dir === "rtl", t: i18next.getFixedT(language), pack };
  document.documentElement.lang = language;
  document.documentElement.dir = dir;
  listeners.forEach((each) => each());
}

async function catalogue(language: Language): Promise<object> {
  const load = catalogues[`../locale/${language}.json`];
  return load ? (await load()).default : {};
}

/** Known before the page is drawn: components that are given one later are all made anew, with what was typed. */
async function packOf(language: Language): Promise<Locale> {
  // How a bundler wraps a module of the older kind differs; the pack is the innermost default.
  let inner = (await packs[language]()) as { default?: unknown };
  while (inner.default) inner = inner.default as { default?: unknown };
  return inner as unknown as Locale;
}

const ways = new Map<string, unknown>();

/** A way of writing; making one takes longer than writing a hundred values, so each is kept. */
export function wayOf<Options, Way>(Kind: new (language: string, options: Options) => Way, language: string, options: Options): Way {
  const key = `${Kind.name} ${language} ${JSON.stringify(options)}`;
  let way = ways.get(key) as Way | undefined;
  if (!way) ways.set(key, (way = new Kind(language, options)));
  return way;
}
