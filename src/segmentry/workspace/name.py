"""What things that people make may be called."""

import re

from segmentry.core.errors import DeclarationError
from segmentry.segments.segment import FOLDER, LONGEST_FOLDER, NAME


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


def check_folder(folder: str) -> str:
    """The heading under which people find a segment, without spaces around it.

    Raises:
        DeclarationError: It is more than one short line.
    """
    plain = folder.strip()
    if len(plain) > LONGEST_FOLDER or not re.fullmatch(FOLDER, plain):
        raise DeclarationError(
            f"`{plain[:LONGEST_FOLDER]}` cannot be the name of a folder.",
            fix=f"Use one line of at most {LONGEST_FOLDER} characters: Winback.",
        )
    return plain
