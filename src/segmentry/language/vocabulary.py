"""The closed list of nodes and functions: everything the language has, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from segmentry.language.aggregate import Aggregate, DaysSince, Share
from segmentry.language.anniversary import Anniversary
from segmentry.language.behavior import FirstTime, Periods, Restarted, Stopped
from segmentry.language.condition import (
    Between,
    Comparison,
    In,
    InSegment,
    IsMissing,
)
from segmentry.language.function import AsOfDay, Function, If, Round
from segmentry.language.listed import InList
from segmentry.language.logic import And, IsTrue, Not, Or
from segmentry.language.node import Node
from segmentry.language.occurrence import AllOf, AnyOf, NoneOf
from segmentry.language.pareto import BasePareto
from segmentry.language.population import BaseQuantile, RandomShare, Score
from segmentry.language.preference import Distinctive, MostFrequent, TopShare
from segmentry.language.sequence import Sequence
from segmentry.language.text_match import TextMatch
from segmentry.language.value import Arithmetic, Constant, Name, Negation, Truth

NODES: Mapping[str, type[Node]] = {
    node.kind: node
    for node in (
        # values
        Constant, Name, Arithmetic, Negation, Function, Round, If, AsOfDay, Truth,
        # values among all customers
        Score, BaseQuantile, BasePareto, RandomShare,
        # measures of a customer's rows
        Aggregate, DaysSince, Share, MostFrequent, TopShare, Distinctive,
        # conditions
        And, Or, Not, IsTrue, Comparison, In, Between, IsMissing, TextMatch, InSegment, InList,
        Anniversary,
        # conditions on a customer's rows
        AnyOf, NoneOf, AllOf, Periods, FirstTime, Stopped, Restarted, Sequence,
    )
}  # fmt: skip
"""Every node by its kind. Importing them fills the table of functions, too."""
