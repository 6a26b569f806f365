"""The 5W cards of groups, and the categories they favour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from segmentry.engines.duckdb import quote
from segmentry.insights.five_w import ANSWER, QUESTIONS, Answer, Card, Question
from segmentry.insights.part import BASE, Part
from segmentry.insights.trait import LEAST, Mean, Trait
from segmentry.report.content import (
    AnswerView,
    Cards,
    CardView,
    CategoriesView,
    CategoryView,
    Fact,
    Histogram,
    TraitView,
)
from segmentry.segments.segment import Segmentation
from segmentry.workspace.reporting.asking import CARDED, TABLE, Asking
from segmentry.workspace.reporting.methods import groups_of
from segmentry.workspace.trait_words import dimension, value

DRAWN: Mapping[str, range] = {"weekday": range(1, 8), "hour": range(24), "month": range(1, 13)}
"""Dimensions drawn as a row of bars, with all their values."""
LARGEST: Mapping[str, int] = {
    "category": 3, "next_order": 4, "channel": 2, "country": 2, "coupon": 1, "payment_method": 1,
}  # fmt: skip
"""Dimensions whose largest values are shown even if they tell nothing special."""
MOST, ASKED, CATEGORIES = 6, 3, 12
"""Telling traits shown of an answer; questions of surveys whose first answer is; categories."""


def cards(asked: Asking, answered: Mapping[Part, Card]) -> tuple[Cards, ...]:
    """Cards of RFM groups and lifecycle stages that have customers."""
    return tuple(
        _cards(asked, asked.available[name], answered) for name in CARDED if name in asked.available
    )


def _cards(asked: Asking, segmentation: Segmentation, answered: Mapping[Part, Card]) -> Cards:
    groups = groups_of(asked, segmentation.name)
    held = [
        (place, group, answered[part])
        for place, group in enumerate(groups)
        if (part := Part(segmentation.feature, group.name)) in answered
    ]
    return Cards(
        name=segmentation.name,
        label=asked.wording.segmentation(segmentation),
        cards=tuple(
            CardView(
                group=group,
                answers={
                    each: _answer(asked, each, card, answered[BASE]) for each in QUESTIONS
                },
                playbook=asked.playbook(segmentation, group.name),
            )
            for _, group, card in held
        ),
        places=tuple(place for place, _, _ in held),
        of=len(groups),
    )  # fmt: skip


def _answer(asked: Asking, question: Question, card: Card, base: Card) -> AnswerView:
    answer = card.answers[question]
    traits = tuple(_trait(asked, each) for each in chosen(answer))
    note = ""
    if question == "why" and not card.has_reasons:
        note = asked.words("five_w.no_reasons")
    elif question == "who" and asked.texts and not answer.telling():
        note = asked.words("five_w.nothing_telling")
    return AnswerView(
        facts=tuple(_fact(asked, each) for each in answer.means if each.mean is not None),
        traits=traits,
        histograms=tuple(_histograms(asked, answer, base.answers[question])),
        note=note,
    )


def chosen(answer: Answer) -> list[Trait]:
    """What tells most, then the largest values of the dimensions people ask for by name."""
    telling = [each for each in answer.telling() if each.dimension not in DRAWN][:MOST]
    questions = dict.fromkeys(each.dimension for each in answer.traits)
    asked = dict.fromkeys([each for each in questions if each.startswith(ANSWER)][:ASKED], 1)
    largest = [
        each
        for name, most in {**asked, **LARGEST}.items()
        for each in [trait for trait in answer.traits if trait.dimension == name][:most]
    ]
    return telling + [each for each in largest if each not in telling]


def _trait(asked: Asking, each: Trait) -> TraitView:
    return TraitView(
        dimension=dimension(asked.wording, each.dimension),
        value=value(asked.wording, each),
        share=each.share,
        vs_base=each.index if each.customers >= LEAST else None,
        telling=each.telling,
    )


def _fact(asked: Asking, each: Mean) -> Fact:
    unit = asked.features.known[each.feature].declaration.unit
    return Fact(
        label=asked.wording.feature(each.feature),
        value=_measured(asked, each.mean or 0.0, unit),
        vs_base=each.index,
    )


def _measured(asked: Asking, mean: float, unit: str) -> str:
    write = asked.write
    match unit:
        case "share":
            return write.share(mean)
        case "money":
            return write.money(Decimal(str(mean)))
        case "days" | "years" | "seconds":
            return asked.words(
                f"written.{unit}", count=round(mean) if mean >= 10 else round(mean, 1)
            )
        case _:
            return write.number(mean)


def _histograms(asked: Asking, answer: Answer, base: Answer) -> Iterator[Histogram]:
    for name, values in DRAWN.items():
        own, of = _shares(answer.traits, name), _shares(base.traits, name)
        if own and of:
            texts = [str(each) for each in values]
            yield Histogram(
                label=dimension(asked.wording, name),
                names=tuple(value(asked.wording, _named(name, each)) for each in texts),
                shares=tuple(own.get(each, 0.0) for each in texts),
                base=tuple(of.get(each, 0.0) for each in texts),
            )


def _named(name: str, text: str) -> Trait:
    return Trait(name, text, 0, 0.0, 0.0, telling=False)


def _shares(traits: Sequence[Trait], name: str) -> dict[str, float]:
    return {each.value: each.share for each in traits if each.dimension == name}


# categories


def categories(asked: Asking, answered: Mapping[Part, Card]) -> CategoriesView:
    """The largest categories, and the index of each RFM group; nothing without categories."""
    if BASE not in answered or "rfm" not in asked.available:
        return CategoriesView()
    largest = _categories(answered[BASE])[:CATEGORIES]
    if not largest:
        return CategoriesView()
    feature = asked.available["rfm"].feature
    groups = [each for each in groups_of(asked, "rfm") if Part(feature, each.name) in answered]
    indexes = [
        {each.value: each.index for each in _categories(answered[Part(feature, group.name)])}
        for group in groups
    ]
    mains = _mains(asked)
    return CategoriesView(
        groups=tuple(each.label for each in groups),
        categories=tuple(
            CategoryView(
                name=each.value,
                buyers=each.customers,
                share=each.share,
                main_for=mains.get(each.value, 0) if mains else None,
                indexes=tuple(found.get(each.value) for found in indexes),
            )
            for each in largest
        ),
    )  # fmt: skip


def _categories(card: Card) -> list[Trait]:
    found = [each for each in card.answers["what"].traits if each.dimension == "category"]
    return sorted(found, key=lambda each: (-each.share, each.value))


def _mains(asked: Asking) -> dict[str, int]:
    if "main_category" not in asked.features:
        return {}
    name = quote("main_category")
    return dict(
        asked.engine.rows(
            f"SELECT {name}, count(*) FROM {TABLE} WHERE {name} IS NOT NULL GROUP BY ALL"
        )
    )
