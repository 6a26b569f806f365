"""Climate: the zone of the country where a customer lives, or bought last, from a table."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from segmentry.features.declaration import LOADER, Feature
from segmentry.language.literal import identifier, quoted
from segmentry.segments.segment import (
    ENOUGH,
    UNKNOWN,
    Group,
    Need,
    Reason,
    Segmentation,
    is_known,
)

ZONE, ORDER_ZONE = "climate_zone", "order_climate_zone"


@cache
def zones() -> dict[str, tuple[str, ...]]:
    """Zone → codes and English names of its countries, in small letters."""
    file = resources.files(__package__) / "climate.yaml"
    told = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return {
        zone: tuple(name.lower() for code, names in countries.items() for name in (code, *names))
        for zone, countries in told["zones"].items()
    }


def segmentation(trait: str = "country") -> Segmentation:
    """Tropical, dry, temperate, continental or polar; Unknown for countries not in the table.

    Args:
        trait: The customers' column that holds the country, as two letters or its English name.
    """
    zone = Feature(
        name=ZONE,
        expression=_zone(trait),
        label="Climate zone",
        theme="geography",
        traits=(trait,),
    )
    return Segmentation(
        name="climate",
        family="geographic",
        feature="climate_group",
        groups=_groups(ZONE),
        features=(zone,),
        traits=(trait,),
        reasons=(Reason(key="table"),),
        needs=(Need(key="country", rule=is_known(trait), at_least=ENOUGH),),
    )


def of_orders() -> Segmentation:
    """The same of the country of the last order; among those who bought."""
    zone = Feature(name=ORDER_ZONE, expression=_zone("order_country"), hidden=True)
    return Segmentation(
        name="order_climate",
        family="geographic",
        feature="order_climate_group",
        among="frequency >= 1",
        groups=_groups(ORDER_ZONE),
        features=(zone,),
        reasons=(Reason(key="table"),),
        needs=(Need(key="country", rule=is_known("order_country"), at_least=ENOUGH),),
    )


def _groups(feature: str) -> tuple[Group, ...]:
    made = (Group(name=zone, rule=f"{feature} = {quoted(zone)}") for zone in zones())
    return (*made, Group(name=UNKNOWN))


def _zone(trait: str) -> str:
    chosen = "null"
    for zone, names in reversed(zones().items()):
        listed = ", ".join(map(quoted, names))
        chosen = f"if(lower({identifier(trait)}) IN ({listed}), {quoted(zone)}, {chosen})"
    return chosen
