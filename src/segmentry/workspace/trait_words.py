"""What the dimensions and values of a card are called in a language."""

from __future__ import annotations

from segmentry.insights.five_w import ANSWER, NEXT_ORDER
from segmentry.insights.trait import Trait
from segmentry.workspace.wording import Wording


def dimension(wording: Wording, name: str) -> str:
    """What a dimension is called: a question as it was asked, else a field or a feature."""
    if name.startswith(ANSWER):
        return name.removeprefix(ANSWER)
    key = f"five_w.dimensions.{name}"
    label = wording.messages(key) if key in wording.messages else wording.feature(name)
    return label[:1].upper() + label[1:]


def value(wording: Wording, trait: Trait) -> str:
    """What a value is called; what the shop named stays as it is."""
    words, text = wording.messages, trait.value
    match trait.dimension:
        case "weekday":
            return words.weekday(int(text))
        case "month":
            return words(f"date.month_name.{int(text)}")
        case "hour":
            return words("five_w.hour", hour=words.digits(f"{int(text):02d}"))
        case dimension if dimension == NEXT_ORDER:
            return words(f"five_w.next_order.{text}")
    for each in wording.segmentations:
        if each.feature == trait.dimension:
            return wording.group(each, text)
    if text in ("true", "false"):
        return words(f"five_w.{'yes' if text == 'true' else 'no'}")
    return text
