"""One name in several scripts and spellings is one; two names are two."""

import pytest

from segmentry.data.identity.names import fold, given_and_family, root


@pytest.mark.parametrize(
    "forms",
    [
        ("Шевченко", "Shevchenko", "Szewczenko", "SHEVCHENKO "),
        ("Щербак", "Shcherbak", "Szczerbak"),
        ("Юлія", "Yuliia", "Yulia", "Julia"),
        ("Сергій", "Serhii", "Sergiy", "Сергий"),
        ("Wójcik", "Wojcik", "Войцік"),
        ("Żuk", "Zhuk", "Жук"),
        ("Łukasz", "Lukasz", "Лукаш"),
        ("O’Neill", "ONeill", "O'Neil"),
        ("Мар’яна", "Mariana", "Marjana"),
        ("Григоренко", "Hryhorenko", "Grigorenko"),
    ],
)
def test_spellings_of_one_name_fold_to_one(forms):
    assert len({fold(each) for each in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Марія", "Дарія"), ("Jan", "Anna"), ("Kowal", "Nowak"), ("Петро", "Павло")]
)
def test_two_names_stay_two(one, other):
    assert fold(one) != fold(other)
    assert root(fold(one)) != root(fold(other))


@pytest.mark.parametrize(
    ("short", "full"),
    [("Саша", "Oleksandr"), ("Bill", "William"), ("Gosia", "Małgorzata"), ("Вова", "Vladimir"),
     ("Katie", "Катерина"), ("Jan", "John"), ("Michał", "Михайло")],
)  # fmt: skip
def test_short_and_foreign_forms_have_one_root(short, full):
    assert root(fold(short)) == root(fold(full))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Olena Koval", ("olena", "koval")),
        ("Koval, Olena", ("olena", "koval")),
        ("Mr. John A. Smith", ("iohn", "smit")),
        ("Коваль Олена Петрівна", ("koval", "olena")),
        ("Олена Петрівна Коваль", ("olena", "koval")),
        ("Koval", ("", "koval")),
        ("  ", ("", "")),
        ("12345", ("", "")),
        ("علی رضایی", ("", "")),
    ],
)
def test_a_full_name_is_taken_apart(text, expected):
    assert given_and_family(text) == expected


def test_what_has_no_letters_that_are_known_is_nothing():
    assert fold("") == fold("123") == fold("李") == ""
