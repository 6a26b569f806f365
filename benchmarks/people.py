"""Customers with planted duplicates, made from short lists of names; nobody real, fixed seed.

Ukrainian, Polish and English names. One in four people lives with others: couples, parents and
children (some with the very name of the parent), twins; they share address, often phone, sometimes
the mailbox. Namesakes come by themselves. A duplicate is the same person recorded again with one to
three of: a slip of the keyboard, another script or spelling, a short form, an initial, names in
each other's place, a new family name, another mailbox or phone, a move, a day of birth mistyped,
fields left out.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import yaml

NAMES = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
GIVEN, STEMS, ENDINGS = NAMES["given"], NAMES["stems"], NAMES["endings"]
CITIES, SHORT = NAMES["cities"], NAMES["short"]
HOSTS = ("mail.test", "post.test", "inbox.test", "gmail.com", "ukr.net", "wp.pl")
LATIN = NAMES["latin"]
PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
Person = dict[str, object]


TAKEN: set[str] = set()


def customers(records: int, seed: int = 20) -> tuple[pa.Table, list[int]]:
    """Records of customers in random order, and for each the person whom it is of."""
    TAKEN.clear()
    draw = random.Random(seed)
    people: list[Person] = []
    while len(people) < records * 0.82:
        people += _household(draw)
    rows = [(number, _record(draw, each)) for number, each in enumerate(people)]
    while len(rows) < records:
        number = draw.randrange(len(people))
        rows.append((number, _record(draw, _again(draw, people[number]))))
    draw.shuffle(rows)
    table = pa.Table.from_pylist(
        [{"customer_id": f"C{place:06d}", **row} for place, (_, row) in enumerate(rows)]
    )
    return table, [number for number, _ in rows]


def _household(draw: random.Random) -> list[Person]:
    first = _person(draw)
    if draw.random() > 0.1:
        return [first]
    family = [first]
    for _ in range(draw.choice((1, 1, 2, 3))):
        other = _person(draw, str(first["country"]))
        while other["first_name"] in [each["first_name"] for each in family]:
            other = _person(draw, str(first["country"]))
        for name in ("city", "postal_code"):
            other[name] = first[name]
        if draw.random() < 0.85:
            other["last_name"] = first["last_name"]
        if draw.random() < 0.6:
            other["phone"] = first["phone"]
        if draw.random() < 0.1:
            other["email"] = first["email"]
        kind = draw.random()
        if kind < 0.03:
            other["birth_on"] = first["birth_on"]  # twins
        elif kind < 0.05:
            other["first_name"], other["sex"] = first["first_name"], first["sex"]  # a junior
        family.append(other)
    return family


def _person(draw: random.Random, country: str = "") -> Person:
    country = country or draw.choice(("UA", "PL", "GB"))
    sex = draw.choice("mf")
    names = GIVEN[country][sex]
    given = names[min(draw.randrange(30), draw.randrange(30))]  # some are far more common
    family = draw.choice(STEMS[country]) + draw.choice(ENDINGS[country])
    person: Person = {
        "first_name": given,
        "last_name": family,
        "sex": sex,
        "country": country,
        "city": draw.choice(CITIES[country]),
        "birth_on": date(1940, 1, 1) + timedelta(days=draw.randrange(24_000)),
        "postal_code": _postal(draw, country),
        "phone": _number(draw, country),
    }
    return person | {"email": _mailbox(draw, person)}


def _postal(draw: random.Random, country: str) -> str:
    number = draw.randrange(2_000)
    match country:
        case "UA":
            return f"{10_000 + number * 7}"
        case "PL":
            return f"{number % 90 + 10}-{number // 90:03d}"
        case _:
            ending = f"{draw.choice('ABD')}{draw.choice('EFGH')}"
            return f"{draw.choice('BLMSY')}{number % 40 + 1} {number // 40 % 9 + 1}{ending}"


def _number(draw: random.Random, country: str) -> str:
    """National digits of a mobile phone."""
    match country:
        case "UA":
            return draw.choice(("50", "67", "93", "63")) + f"{draw.randrange(10**7):07d}"
        case "PL":
            return draw.choice(("50", "60", "69", "78")) + f"{draw.randrange(10**7):07d}"
        case _:
            return "7" + draw.choice(("4", "7", "9")) + f"{draw.randrange(10**8):08d}"


def _mailbox(draw: random.Random, person: Person) -> str:
    given, family = (_latin(str(person[name])).lower() for name in ("first_name", "last_name"))
    tail = draw.choice(("", str(draw.randrange(100)), str(person["birth_on"])[2:4]))
    name = draw.choice(
        (f"{given}.{family}", f"{given[0]}{family}", f"{family}.{given}", f"{given}{family[:3]}")
    )
    mailbox = (
        f"{name}{tail}{draw.randrange(1000) if draw.random() < 0.4 else ''}@{draw.choice(HOSTS)}"
    )
    while mailbox in TAKEN:  # a host gives an address to one person only
        mailbox = f"{name}{draw.randrange(100_000)}@{draw.choice(HOSTS)}"
    TAKEN.add(mailbox)
    return mailbox


def _latin(text: str) -> str:
    plain = "".join(LATIN.get(each, each) for each in text.lower()).translate(PLAIN)
    return plain.replace("’", "").capitalize()


def _again(draw: random.Random, person: Person) -> Person:
    """The same person as somebody else writes it down."""
    changes = draw.sample(sorted(CHANGES), draw.choice((1, 1, 2, 2, 3)))
    changed = dict(person)
    for each in changes:
        # Who changes mailbox, phone and address at once cannot be known again by anybody.
        if each in ("email", "phone", "moved") and sum(
            changed[name] != person[name] for name in ("email", "phone", "postal_code")
        ):
            continue
        CHANGES[each](draw, changed)
    return changed


def _slip(draw: random.Random, text: str) -> str:
    place = draw.randrange(1, max(2, len(text) - 1))
    letters = "абвдеиклмнорст" if text[0] > "z" else "abdeiklmnorst"
    match draw.randrange(4):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return text[:place] + draw.choice(letters) + text[place + 1 :]
        case 2:
            return text[:place] + draw.choice(letters) + text[place:]
        case _:
            return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]


def _slip_of(name: str):
    def change(draw: random.Random, person: Person) -> None:
        person[name] = _slip(draw, str(person[name]))

    return change


def _script(_: random.Random, person: Person) -> None:
    for name in ("first_name", "last_name", "city"):
        person[name] = _latin(str(person[name]))


def _short(_: random.Random, person: Person) -> None:
    person["first_name"] = SHORT.get(str(person["first_name"]), person["first_name"])


def _initial(_: random.Random, person: Person) -> None:
    person["first_name"] = f"{str(person['first_name'])[0]}."


def _swap(_: random.Random, person: Person) -> None:
    person["first_name"], person["last_name"] = person["last_name"], person["first_name"]


def _married(draw: random.Random, person: Person) -> None:
    country = str(person["country"])
    if person["sex"] == "f" and draw.random() < 0.5:
        person["last_name"] = draw.choice(STEMS[country]) + draw.choice(ENDINGS[country])


def _new_mailbox(draw: random.Random, person: Person) -> None:
    host = str(person["email"]).split("@")[0]
    person["email"] = (
        f"{host}@{draw.choice(HOSTS)}" if draw.random() < 0.3 else _mailbox(draw, person)
    )


def _new_phone(draw: random.Random, person: Person) -> None:
    person["phone"] = _number(draw, str(person["country"]))


def _moved(draw: random.Random, person: Person) -> None:
    country = str(person["country"])
    person["city"], person["postal_code"] = draw.choice(CITIES[country]), _postal(draw, country)


def _birth(draw: random.Random, person: Person) -> None:
    day = person["birth_on"]
    assert isinstance(day, date)
    if day.day <= 12 and draw.random() < 0.5:
        person["birth_on"] = date(day.year, day.day, day.month)
    else:
        person["birth_on"] = day.replace(
            year=day.year + draw.choice((-10, -4, 4, 10)),
            day=min(day.day, 28) if day.month == 2 else day.day,
        )


CHANGES = {
    "slip_first": _slip_of("first_name"), "slip_last": _slip_of("last_name"),
    "slip_mail": _slip_of("email"), "script": _script, "script2": _script, "short": _short,
    "initial": _initial, "swap": _swap, "married": _married, "email": _new_mailbox,
    "phone": _new_phone, "moved": _moved, "birth": _birth,
}  # fmt: skip
LEFT_OUT = {
    "email": 0.2,
    "phone": 0.2,
    "birth_on": 0.25,
    "sex": 0.3,
    "city": 0.1,
    "postal_code": 0.2,
}
CODES = {"UA": ("+380", "0"), "PL": ("+48", ""), "GB": ("+44", "0")}


def _record(draw: random.Random, person: Person) -> Person:
    """A person as a row: fields left out, but of mailbox, phone and birth at least two told."""
    row = dict(person)
    row["phone"] = _written(draw, str(row["phone"]), str(row["country"]))
    row["email"] = draw.choice((str.lower, str.lower, str.upper, str.title))(str(row["email"]))
    telling = draw.sample(("email", "phone", "birth_on"), 3)
    kept = telling[:2]
    for name, share in LEFT_OUT.items():
        if name not in kept and draw.random() < share:
            row[name] = None
    row["name"] = None
    if draw.random() < 0.2:
        row["name"] = (
            f"{row['last_name']} {row['first_name']}"
            if draw.random() < 0.4
            else f"{row['first_name']} {row['last_name']}"
        )
        row["first_name"] = row["last_name"] = None
    return row


def _written(draw: random.Random, digits: str, country: str) -> str:
    code, trunk = CODES[country]
    spaced = f"{digits[:2]} {digits[2:5]}-{digits[5:7]}-{digits[7:]}"
    return draw.choice(
        (
            f"{code}{digits}",
            f"{code} {spaced}",
            f"{trunk}{digits}",
            f"{trunk}{spaced}",
            f"00{code[1:]}{digits}",
            f"{code[1:]}{digits}",
        )
    )
