"""The ready-made segmentations, one file each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError, validate_call

from segmentry.core.errors import DeclarationError, UnknownNameError
from segmentry.segments.library import (
    age,
    age_band,
    channel,
    children,
    city,
    climate,
    company_country,
    company_place,
    company_size,
    country,
    daytime,
    distinctive_category,
    education,
    home_ownership,
    household_size,
    income,
    income_band,
    industry,
    job_level,
    lifecycle,
    main_category,
    marital_status,
    occupation,
    order_city,
    order_country,
    order_region,
    payment,
    postal_code,
    price,
    profit_tiers,
    promotion,
    purpose,
    region,
    regularity,
    response,
    revenue_tiers,
    rfm,
    season,
    service,
    sex,
    temperature,
    weekday,
)
from segmentry.segments.segment import Segmentation

Settings = Mapping[str, Mapping[str, Any]]

METHODS: Mapping[str, Callable[..., Segmentation | list[Segmentation]]] = {
    "rfm": rfm.segmentations,
    "revenue_tiers": revenue_tiers.segmentation,
    "profit_tiers": profit_tiers.segmentation,
    "lifecycle": lifecycle.segmentation,
    "temperature": temperature.segmentation,
    "response": response.segmentation,
    "service": service.segmentation,
    "main_category": main_category.segmentation,
    "distinctive_category": distinctive_category.segmentation,
    "purpose": purpose.segmentation,
    "regularity": regularity.segmentation,
    "promotion": promotion.segmentation,
    "price": price.segmentation,
    "channel": channel.segmentation,
    "payment": payment.segmentation,
    "season": season.segmentation,
    "weekday": weekday.segmentation,
    "daytime": daytime.segmentation,
    "sex": sex.segmentation,
    "age": age.segmentation,
    "age_band": age_band.segmentation,
    "education": education.segmentation,
    "marital_status": marital_status.segmentation,
    "household_size": household_size.segmentation,
    "children": children.segmentation,
    "occupation": occupation.segmentation,
    "country": country.segmentation,
    "region": region.segmentation,
    "city": city.segmentation,
    "postal_code": postal_code.segmentation,
    "climate": climate.segmentation,
    "order_country": order_country.segmentation,
    "order_region": order_region.segmentation,
    "order_city": order_city.segmentation,
    "order_climate": climate.of_orders,
    "income": income.segmentation,
    "income_band": income_band.segmentation,
    "home_ownership": home_ownership.segmentation,
    "industry": industry.segmentation,
    "company_size": company_size.segmentation,
    "company_place": company_place.segmentation,
    "company_country": company_country.segmentation,
    "job_level": job_level.segmentation,
}
"""Name in the settings → what makes the segmentations from their parameters."""

SHARED = {"rfm_eleven": "rfm"}
"""Segmentations that are set by the parameters of another."""


@dataclass(frozen=True)
class Parameter:
    """Something that can be set for a segmentation.

    Args:
        value: What is in force: the default unless the settings say otherwise.
        meaning: One line for people.
    """

    name: str
    default: Any
    value: Any
    meaning: str


def ready_made(settings: Settings | None = None) -> list[Segmentation]:
    """Every ready-made segmentation, with the workspace's own parameters where it has them.

    Raises:
        UnknownNameError: The settings name a segmentation or parameter that does not exist.
        DeclarationError: A parameter is of the wrong kind.
    """
    chosen = settings or {}
    for name in chosen:
        if name not in METHODS:
            raise UnknownNameError("segmentation", name, METHODS, where="segmentations")
    return [each for name in METHODS for each in _made(name, chosen.get(name, {}))]


def parameters_of(name: str, settings: Settings | None = None) -> tuple[Parameter, ...]:
    """What can be set for a ready-made segmentation; nothing for one that people declared."""
    block = SHARED.get(name, name)
    if block not in METHODS:
        return ()
    chosen, meanings = (settings or {}).get(block, {}), dict(_meanings(METHODS[block]))
    return tuple(
        Parameter(each.name, each.default, chosen.get(each.name, each.default), meanings[each.name])
        for each in inspect.signature(METHODS[block]).parameters.values()
    )


def _made(name: str, chosen: Mapping[str, Any]) -> Iterable[Segmentation]:
    make = METHODS[name]
    known = inspect.signature(make).parameters
    for each in chosen:
        if each not in known:
            raise UnknownNameError("parameter", each, known, where=f"segmentations.{name}")
    try:
        found = validate_call(make)(**chosen) if chosen else make()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, ("segmentations", name, *first["loc"])))
        raise DeclarationError(f"parameter `{place}`: {first['msg']}.") from error
    return found if isinstance(found, list) else [found]


def _meanings(make: Callable[..., object]) -> Iterator[tuple[str, str]]:
    """The `Args:` of a docstring, each in one line."""
    _, _, told = (inspect.getdoc(make) or "").partition("Args:\n")
    for name, text in re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", told, flags=re.MULTILINE):
        yield name, " ".join(text.split())


__all__ = ["METHODS", "Parameter", "parameters_of", "ready_made"]
