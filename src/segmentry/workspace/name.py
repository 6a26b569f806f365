"""What things that people make may be called."""

import re

from segmentry.core.errors import DeclarationError
from segmentry.segments.segment import NAME


def check_name(what: str, name: str, like: str) -> None:
    """Whether a name can stand in rules.

    Args:
        what: What is to be called so, in words.
        like: A good name.

    Raises:
        DeclarationError: It cannot.
    """
    if not re.fullmatch(NAME, name):
        raise DeclarationError(
            f"`{name}` cannot be the name of a {what}.",
            fix=f"Use small letters, digits and _, a letter first: {like}.",
        )
