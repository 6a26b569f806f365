// Numbers of customers in words; a number that is withheld is said to be.
import { useLanguage } from "../app/language";

/** Writes `12 customers`, or that the number is too small to be told to whoever asks. */
export function useCustomers(): (count: number | null | undefined) => string {
  const { t } = useLanguage();
  return (count) => (typeof count === "number" ? t("word.customers_count", { count }) : t("word.withheld"));
}

/** A part of a whole as 0 to 1; nothing where either is withheld. */
export function shareOf(part: number | null | undefined, whole: number | null | undefined): number | null {
  return typeof part === "number" && whole ? part / whole : null;
}
