// The five languages: their catalogues, the packs of the components, numbers and days.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

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

/** Starts with the language chosen last, or the browser's; English when it is neither. */
export async function startLanguage() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((each) => each.slice(0, 2))];
  const first = (wanted.find((each) => each && each in LANGUAGES) ?? "en") as Language;
  await i18next.use(initReactI18next).init({
    lng: first,
    fallbackLng: false,
    keySeparator: false, // keys are flat: easier to find
    nsSeparator: false,
    resources: { [first]: { translation: await catalogue(first) } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  mark(first);
}

/** Changes the language of everything; kept for the next time. */
export async function speak(language: Language) {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await catalogue(language));
  }
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
  mark(language);
}

function mark(language: Language) {
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].dir;
}

async function catalogue(language: Language): Promise<object> {
  const load = catalogues[`../locale/${language}.json`];
  return load ? (await load()).default : {};
}
