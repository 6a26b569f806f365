"""E-mail and phone in one form, whatever the way of writing."""

import pytest

from segmentry.data.identity.contact import email_key, phone_key
from segmentry.data.identity.normalise import region_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Olena.Koval@Shop.Test ", "olena.koval@shop.test"),
        ("olena+news@shop.test", "olena@shop.test"),
        ("O.Le.Na+x@googlemail.com", "olena@gmail.com"),
        ("олена@пошта.укр", "олена@пошта.укр"),
        ("nobody", None),
        ("a@b", None),
        ("@shop.test", None),
        ("", None),
        ("a b@shop.test", None),
    ],
)
def test_email(text, expected):
    assert email_key(text) == expected


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("050 123 45 67", "UA", "+380501234567"),
        ("+38 (050) 123-45-67", "PL", "+380501234567"),
        ("380501234567", "UA", "+380501234567"),
        ("80501234567", "UA", "+380501234567"),
        ("00380 50 123 45 67", None, "+380501234567"),
        ("600 700 800", "PL", "+48600700800"),
        ("07496 576334", "GB", "+447496576334"),
        ("600700800", None, "600700800"),
        ("12", "UA", None),
        ("none", "UA", None),
    ],
)
def test_phone(text, region, expected):
    assert phone_key(text, region) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("UA", "UA"), ("Ukraine", "UA"), ("україна ", "UA"), ("UKR", "UA"), ("Polska", "PL"),
     ("United Kingdom", "GB"), ("no", "NO"), ("Atlantis", None), (None, None), ("", None)],
)  # fmt: skip
def test_country(text, expected):
    assert region_of(text) == expected
