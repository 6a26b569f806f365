"""Service: who needed help lately, and who complained."""

from __future__ import annotations

from segmentry.segments.segment import ENOUGH, Group, Need, Reason, Segmentation, is_known


def segmentation(contacts: int = 3) -> Segmentation:
    """Complained: a complaint in a year. Much help: many service contacts. Some; none.

    Args:
        contacts: Fewest service contacts in a year that are much.
    """
    return Segmentation(
        name="service",
        family="engagement",
        feature="service_group",
        groups=(
            Group(name="Complained", rule="complaints_365d > 0"),
            Group(name="Much help", rule=f"service_contacts_365d >= {contacts}"),
            Group(name="Some help", rule="service_contacts_365d > 0"),
            Group(name="No contact", means="service_contacts_365d = 0"),
        ),
        reasons=(Reason(key="contacts", values={"contacts": contacts}),),
        needs=(Need(key="service", rule=is_known("days_since_service_contact"), at_least=ENOUGH),),
        picture="ladder",
    )
