"""E-mail addresses and phone numbers made comparable, each by the rules of its kind and country."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from email_validator import EmailNotValidError, validate_email

IGNORING_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Hosts that deliver an address with dots as the one without."""
INTERNATIONAL = 11
"""Digits from which on a number without a sign is taken for an international one."""
SHORTEST = 6
"""Digits below which a number that no country knows is not one."""


def email_key(text: str) -> str | None:
    """The mailbox that an address leads to, or `None` if it cannot be an address.

    Capitals, what follows a `+`, and for some hosts dots, do not make another mailbox.

    >>> email_key(" Olena.K+shop@GMail.com"), email_key("nobody")
    ('olenak@gmail.com', None)
    """
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, strict=False
        )
    except EmailNotValidError:
        return None
    local, host = found.local_part.lower().partition("+")[0], found.domain.lower()
    if host in IGNORING_DOTS:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}" if local else None


def phone_key(text: str, region: str | None) -> str | None:
    """A number in its international form, `+380501234567`, or `None` if it cannot be one.

    Args:
        region: Country of numbers that do not say theirs, in two letters.

    >>> phone_key("050 123-45-67", "UA"), phone_key("00380501234567", "UA"), phone_key("-", "UA")
    ('+380501234567', '+380501234567', None)
    """
    digits = re.sub(r"\D", "", text).removeprefix("00")
    for spelled in (text, *_international(digits, region)):
        try:
            number = phonenumbers.parse(spelled, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return digits if len(digits) >= SHORTEST else None


def _international(digits: str, region: str | None) -> Iterator[str]:
    """What the digits may mean when the sign that says so, or a part, was left out."""
    if region == "UA" and len(digits) == 11 and digits.startswith("80"):
        yield f"+3{digits}"  # as it was dialled until 2009, and is still written
    if len(digits) >= INTERNATIONAL:
        yield f"+{digits}"


__all__ = ["email_key", "phone_key"]
