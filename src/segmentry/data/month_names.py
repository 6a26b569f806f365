"""Names of months as people write them in dates: whole, in the genitive, cut short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

Calendar = Literal["gregorian", "solar_hijri"]

GREGORIAN = {
    "en": (
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug", "september sep sept", "october oct", "november nov", "december dec",
    ),
    "uk": (
        "січень січня січ", "лютий лютого лют", "березень березня бер", "квітень квітня кві квіт",
        "травень травня тра трав", "червень червня чер черв", "липень липня лип",
        "серпень серпня сер серп", "вересень вересня вер", "жовтень жовтня жов жовт",
        "листопад листопада лис лист", "грудень грудня гру груд",
    ),
    "ru": (
        "январь января янв", "февраль февраля фев февр", "март марта мар", "апрель апреля апр",
        "май мая", "июнь июня июн", "июль июля июл", "август августа авг",
        "сентябрь сентября сен сент", "октябрь октября окт", "ноябрь ноября ноя нояб",
        "декабрь декабря дек",
    ),
    "pl": (
        "styczeń stycznia sty", "luty lutego lut", "marzec marca", "kwiecień kwietnia kwi",
        "maj maja", "czerwiec czerwca cze", "lipiec lipca lip", "sierpień sierpnia sie",
        "wrzesień września wrz", "październik października paź", "listopad listopada lis",
        "grudzień grudnia gru",
    ),
    "fa": (
        "ژانویه", "فوریه", "مارس", "آوریل اوریل", "مه می", "ژوئن", "ژوئیه ژوییه جولای",
        "اوت آگوست اگوست", "سپتامبر", "اکتبر", "نوامبر", "دسامبر",
    ),
}  # fmt: skip
SOLAR_HIJRI = {
    "fa": (
        "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد امرداد", "شهریور", "مهر", "آبان ابان",
        "آذر اذر", "دی", "بهمن", "اسفند",
    ),
    "en": (
        "farvardin", "ordibehesht", "khordad", "tir", "mordad amordad", "shahrivar", "mehr",
        "aban", "azar", "dey day", "bahman", "esfand",
    ),
}  # fmt: skip
CALENDARS: Mapping[Calendar, Mapping[str, tuple[str, ...]]] = {
    "gregorian": GREGORIAN,
    "solar_hijri": SOLAR_HIJRI,
}


def month_numbers(calendar: Calendar) -> dict[str, int]:
    """Every name of a month, in lower case, of all languages → its number."""
    return dict(_numbered(CALENDARS[calendar]))


def _numbered(languages: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    for months in languages.values():
        for number, names in enumerate(months, start=1):
            for name in names.split():
                yield name, number


__all__ = ["Calendar", "month_numbers"]
