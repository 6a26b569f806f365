"""Clusters as rules: a small decision tree over the features as people know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from segmentry.language.literal import identifier, quoted
from segmentry.language.text import parse_rule
from segmentry.models.clusters.column import Column, Flags, Floats, Whole

DEEPEST = 4
"""Most conditions of a rule."""
FORGONE = 0.02
"""Customers, as a share, that may be placed otherwise for the sake of a shorter rule."""
ROUNDED = 0.001
"""Customers, as a share, that rounding one limit may move."""
LEAST_SHARE = 0.005
MOST_LEAVES = 12


@dataclass(frozen=True)
class Leaf:
    """Where a way down the tree ends."""

    cluster: int


@dataclass(frozen=True)
class Split:
    """One question: yes goes to `yes`, all others to `no`.

    Args:
        word: Asks whether a text is this; otherwise asks for `at_least`, or whether the feature
            is known at all when that is missing.
    """

    feature: str
    yes: Node
    no: Node
    at_least: float | None = None
    word: str | None = None


Node = Leaf | Split


@dataclass(frozen=True)
class Fidelity:
    """How far rules and clusters are the same.

    Args:
        accuracy: Share of customers whom the rules place in their cluster.
        precision: By cluster: of those who meet its rule, the share that belongs to it.
        recall: By cluster: of those who belong to it, the share that meets its rule.
    """

    accuracy: float
    precision: tuple[float, ...]
    recall: tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """A column of the tree's own table."""

    column: Column
    answers: Floats
    word: str | None = None


def surrogate(columns: Sequence[Column], labels: Whole, seed: int) -> Node:
    """The shortest tree, with limits easy to read, that says nearly what the clusters say.

    Of all prunings by cost and complexity (Breiman 1984) that give every cluster a rule, the
    shortest that places at most `FORGONE` fewer customers rightly than the longest.
    """
    questions = [each for column in columns for each in _questions(column)]
    table = np.column_stack([each.answers for each in questions])
    grown = _tree(0.0, seed, len(labels))
    alphas = grown.cost_complexity_pruning_path(table, labels).ccp_alphas
    models = [_tree(max(float(each), 0.0), seed, len(labels)) for each in np.unique(alphas)]
    fits = [model.fit(table, labels) for model in models]
    right = [float((model.predict(table) == labels).mean()) for model in fits]
    enough = [
        model
        for model, accuracy in zip(fits, right, strict=True)
        if accuracy >= right[0] - FORGONE and _clusters_of(model) == _clusters_of(fits[0])
    ]
    return _rounded(_node(enough[-1].tree_, 0, questions), {c.name: c for c in columns})


def place(node: Node, columns: Mapping[str, Column]) -> Whole:
    """The cluster that the tree gives each customer, as its rules do."""
    size = len(next(iter(columns.values())).values)
    found = np.zeros(size, dtype=np.int64)
    for way, cluster in _ways(node):
        found[
            np.logical_and.reduce([_met(split, columns) == yes for split, yes in way])
            if way
            else slice(None)
        ] = cluster
    return found


def fidelity(told: Whole, labels: Whole, k: int) -> Fidelity:
    """Rules against clusters; nothing counts as wrong where there is nobody."""
    both = np.bincount(told * k + labels, minlength=k * k).reshape(k, k)
    right = both.diagonal()
    return Fidelity(
        float(right.sum() / max(both.sum(), 1)),
        tuple(float(a / b) if b else 1.0 for a, b in zip(right, both.sum(axis=1), strict=True)),
        tuple(float(a / b) if b else 1.0 for a, b in zip(right, both.sum(axis=0), strict=True)),
    )


def rules(node: Node, columns: Mapping[str, Column], k: int) -> list[str]:
    """The rule of each cluster, in the language of rules; `false` for one without a way to it."""
    parts: list[list[str]] = [[] for _ in range(k)]
    for way, cluster in _ways(node):
        parts[cluster].append(" AND ".join(_conditions(way, columns)) or "true")
    texts = [
        " OR ".join(f"({each})" if len(own) > 1 and " AND " in each else each for each in own)
        for own in parts
    ]
    return [parse_rule(each or "false").text() for each in texts]


# growing


def _tree(alpha: float, seed: int, size: int) -> Any:
    return DecisionTreeClassifier(
        max_depth=DEEPEST,
        max_leaf_nodes=MOST_LEAVES,
        min_samples_leaf=max(5, int(size * LEAST_SHARE)),
        ccp_alpha=alpha,
        random_state=seed,
    )


def _questions(column: Column) -> Iterator[Question]:
    """What the tree may ask of a feature; a missing number lies below all others."""
    if not column.words:
        lowest = float(np.nanmin(column.values)) if not column.missing.all() else 0.0
        yield Question(column, np.where(column.missing, lowest - 1.0, column.values))
        return
    there = column.values[~column.missing].astype(int)
    shares = np.bincount(there, minlength=len(column.words)) / len(column.values)
    for number in np.flatnonzero(shares >= LEAST_SHARE):
        yield Question(column, (column.values == number) * 1.0, column.words[number])


def _clusters_of(model: Any) -> set[int]:
    tree = model.tree_
    leaves = tree.children_left < 0
    return set(tree.value[leaves, 0].argmax(axis=1))


def _node(tree: Any, place: int, questions: Sequence[Question]) -> Node:
    """The tree as ours; a question whose answers lead to the same cluster is left out."""
    if tree.children_left[place] < 0:
        return Leaf(int(tree.value[place, 0].argmax()))
    no = _node(tree, tree.children_left[place], questions)
    yes = _node(tree, tree.children_right[place], questions)
    if yes == no:
        return yes
    question = questions[tree.feature[place]]
    if question.word is not None:
        return Split(question.column.name, yes, no, word=question.word)
    limit = float(tree.threshold[place])
    known = limit < np.nanmin(question.column.values)
    return Split(question.column.name, yes, no, at_least=None if known else limit)


# rounding


def _rounded(node: Node, columns: Mapping[str, Column]) -> Node:
    if isinstance(node, Leaf):
        return node
    limit = node.at_least
    return replace(
        node,
        yes=_rounded(node.yes, columns),
        no=_rounded(node.no, columns),
        at_least=None if limit is None else readable(limit, columns[node.feature]),
    )


def readable(limit: float, column: Column) -> float:
    """The limit with the fewest digits that moves hardly anybody to the other side.

    >>> readable(29.61, Column("age", np.array([20.0, 24.0, 38.0, 44.0])))
    30.0
    """
    values = np.sort(column.values[~column.missing])
    most = ROUNDED * len(values)
    side = np.searchsorted(values, limit)
    for digits in range(1, 16):
        tried = float(f"{limit:.{digits - 1}e}")
        whole = not column.whole or tried.is_integer()
        if whole and abs(int(np.searchsorted(values, tried)) - int(side)) <= most:
            return tried
    return float(np.ceil(limit)) if column.whole else limit


# reading


def _ways(node: Node) -> Iterator[tuple[list[tuple[Split, bool]], int]]:
    if isinstance(node, Leaf):
        yield [], node.cluster
        return
    for answer, below in ((True, node.yes), (False, node.no)):
        for way, cluster in _ways(below):
            yield [(node, answer), *way], cluster


def _met(split: Split, columns: Mapping[str, Column]) -> Flags:
    column = columns[split.feature]
    if split.word is not None:
        number = column.words.index(split.word) if split.word in column.words else -1
        return np.asarray(column.values == number)
    if split.at_least is None:
        return ~column.missing
    return np.asarray(column.values >= split.at_least)


def _conditions(way: Sequence[tuple[Split, bool]], columns: Mapping[str, Column]) -> Iterator[str]:
    """The conditions of a way, feature by feature, without those that another one implies."""
    for feature in dict.fromkeys(split.feature for split, _ in way):
        own = [(split, yes) for split, yes in way if split.feature == feature]
        if any(split.word is not None for split, _ in own):
            yield from _of_words(identifier(feature), own, columns[feature])
        else:
            yield from _of_number(identifier(feature), own, columns[feature])


def _of_words(name: str, own: Sequence[tuple[Split, bool]], column: Column) -> Iterator[str]:
    written = str if column.yes_or_no else quoted
    is_, is_not = (
        [written(str(split.word)) for split, yes in own if yes is said] for said in (True, False)
    )
    if is_:
        yield f"{name} = {is_[0]}"
    elif len(is_not) == 1:
        yield f"{name} <> {is_not[0]}"
    else:
        yield f"{name} NOT IN ({', '.join(is_not)})"


def _of_number(name: str, own: Sequence[tuple[Split, bool]], column: Column) -> Iterator[str]:
    """Limits of a number; a missing value is below every limit, and the rule says so."""
    low = [split.at_least for split, yes in own if yes and split.at_least is not None]
    high = [split.at_least for split, yes in own if not yes and split.at_least is not None]
    known = [yes for split, yes in own if split.at_least is None]
    if False in known:
        yield f"{name} IS NULL"
        return
    if low:
        yield f"{name} >= {_number(max(low))}"
    elif True in known and not high:
        yield f"{name} IS NOT NULL"
    if high:
        sure = low or True in known or not column.missing.any()
        limit = _number(min(high))
        yield f"{name} < {limit}" if sure else f"({name} < {limit} OR {name} IS NULL)"


def _number(value: float) -> str:
    text = f"{Decimal(repr(value)):f}"
    return text.removesuffix(".0")
