"""`/clusters` and `/discoveries`: groups that are looked for; looking is long work."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import clusters, discoveries
from segmentry.api.access import Asking
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk, Language, When
from segmentry.api.right import DEFINE, READ
from segmentry.api.routes.runs import AtWork, asked
from segmentry.workspace import discovery
from segmentry.workspace.clusters import Wanted as Clustering
from segmentry.workspace.clusters import check_number
from segmentry.workspace.name import check_name

router = APIRouter(tags=["found"])
Features = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=200, description="By their names; none means the usual ones."),
]


class Natural(BaseModel):
    """How to look for natural groups."""

    model_config = ConfigDict(extra="forbid")

    features: Features = []
    anyway: Annotated[
        int | None, Field(description="So many groups if there are no natural ones, 2 to 8.")
    ] = None
    seed: Annotated[int, Field(ge=0, le=2**31, description="Of everything random.")] = 1

    def wanted(self, language: str | None) -> Clustering:
        """The question.

        Raises:
            UsageError: Too few or too many groups are asked for.
        """
        check_number(self.anyway)
        return Clustering(tuple(self.features), self.anyway, self.seed, language)


class Outstanding(BaseModel):
    """What groups that stand out differ in, and what their rules are made of."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[
        str,
        Field(
            max_length=100,
            description="revenue, profit, orders or bought_again in the days to come, or a feature "
            "as it is.",
        ),
    ] = "revenue"
    days: Annotated[int, Field(ge=1, le=3_650)] = 90
    less: Annotated[bool, Field(description="Look for those who have less than others.")] = False
    features: Features = []
    depth: Annotated[int, Field(ge=1, le=4, description="Most conditions of a rule.")] = 3
    beam: Annotated[int, Field(ge=1, le=1_000, description="Beginnings that are pursued.")] = 50
    least: Annotated[int | None, Field(ge=2, description="Fewest customers of a group.")] = None
    most: Annotated[int, Field(ge=1, le=100, description="How many groups to show.")] = 10


class Kept(BaseModel):
    """The segment that a group becomes."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=63)]
    label: Annotated[str, Field(max_length=200)] = ""


@router.get("/clusters", dependencies=READ, **answered("clusters"))
def every(desk: Desk, language: Language = None) -> Answer:
    """The names of saved clusters, and what was found last."""
    return Answer(clusters.every(desk, language))


@router.post("/clusters", dependencies=DEFINE, **answered("run", 202))
def find(
    desk: Desk,
    work: AtWork,
    asking: Asking,
    given: Annotated[Natural, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Look for natural groups; nothing is saved but the answer. The answer here is a run."""
    given.wanted(language)
    arguments = {"given": given.model_dump(), "as_of": str(when), "language": language}
    return asked(desk, work, "clusters", arguments, asking.name)


@router.get("/clusters/{name}", dependencies=READ, **answered("clusters-save"))
def one(desk: Desk, name: str, language: Language = None) -> Answer:
    """Saved clusters as they were found."""
    return Answer(clusters.one(desk, name, language))


@router.put("/clusters/{name}", dependencies=DEFINE, **answered("run", 202))
def save(
    desk: Desk,
    work: AtWork,
    asking: Asking,
    name: str,
    given: Annotated[Natural, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Find clusters and save them as a segmentation; saved again, they keep their ids. A run."""
    check_name("clusters", name, like="buyers_by_habit")
    given.wanted(language)
    asked_for = {"given": given.model_dump(), "as_of": str(when), "language": language}
    return asked(desk, work, "clusters", asked_for | {"name": name}, asking.name)


@router.get("/discoveries", dependencies=READ, **answered("discoveries"))
def latest(desk: Desk, language: Language = None) -> Answer:
    """The groups that were found last."""
    return Answer(discoveries.latest(desk, language))


@router.post("/discoveries", dependencies=DEFINE, **answered("run", 202))
def discover(
    desk: Desk, work: AtWork, asking: Asking, given: Annotated[Outstanding, Body()], when: When
) -> Answer:
    """Search crossings of criteria for groups that differ most from everyone else. A run."""
    arguments = {"given": given.model_dump(), "as_of": str(when)}
    discovery.Wanted(**given.model_dump(exclude={"features"}))
    return asked(desk, work, "discovery", arguments, asking.name)


@router.post("/discoveries/{number}/segment", dependencies=DEFINE, **answered("discover-save", 201))
def keep(
    desk: ChangedDesk, number: int, kept: Annotated[Kept, Body()], language: Language = None
) -> Answer:
    """Keep a group that was found last as an ordinary segment."""
    return Answer(discoveries.save(desk, number, kept.name, kept.label, language), 201)
