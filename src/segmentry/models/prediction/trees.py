"""Boosted trees as one expression, so that they are summed where the customers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import float_info
from typing import Any

from segmentry.core.types import Type
from segmentry.sql.expression import Call, Expression, Literal, call, literal
from segmentry.sql.operators import Op

NUMBER = Type.NUMBER
LARGEST = float_info.max
"""What stands for infinity, at which all that is known parts from what is not."""


def summed(
    model: Any, names: Sequence[str], words: Mapping[str, Any], known: Mapping[str, Expression]
) -> Expression:
    """What the trees of a model come to, added in the order in which scikit-learn adds them.

    Args:
        model: scikit-learn's histogram gradient boosting, with one sum a customer.
        names: The inputs, texts before all others.
        words: For each text, the values that are told apart; any other is missing.
        known: The inputs by which a tree divides customers, as expressions.
    """
    inputs = {
        place: _input(known[names[place]], words.get(names[place])) for place in divided_by(model)
    }
    found: Expression = literal(float(model._baseline_prediction.item()))  # noqa: SLF001
    for (tree,) in model._predictors:  # noqa: SLF001
        leaf_or_split = _Tree(tree.nodes, tree.raw_left_cat_bitsets, inputs).node(0)
        found = call(Op.ADD, found, leaf_or_split, type=NUMBER)
    return found


def divided_by(model: Any) -> list[int]:
    """Places of the inputs by which a tree divides customers."""
    trees = (tree.nodes for (tree,) in model._predictors)  # noqa: SLF001
    divided = (nodes["feature_idx"][nodes["is_leaf"] == 0] for nodes in trees)
    return sorted({int(each) for places in divided for each in places})


@dataclass(frozen=True)
class _Input:
    value: Expression
    words: tuple[Literal, ...] = ()


def _input(value: Expression, words: Any) -> _Input:
    if words is not None:
        return _Input(value, tuple(literal(each, Type.TEXT) for each in words.to_pylist()))
    if value.type is Type.BOOLEAN:
        no = call(Op.IF, call(Op.NOT, value), literal(0.0), Literal(None, Type.NUMBER), type=NUMBER)
        return _Input(call(Op.IF, value, literal(1.0), no, type=NUMBER))
    return _Input(value if value.type is NUMBER else call(Op.AS_NUMBER, value, type=NUMBER))


@dataclass(frozen=True)
class _Tree:
    nodes: Any
    bitsets: Any
    inputs: Mapping[int, _Input]

    def node(self, place: int) -> Expression:
        found = self.nodes[place]
        if found["is_leaf"]:
            return literal(float(found["value"]))
        left, right = self.node(int(found["left"])), self.node(int(found["right"]))
        if found["missing_go_to_left"]:
            return _if(self._known_to_go(found, left=False), right, left)
        return _if(self._known_to_go(found, left=True), left, right)

    def _known_to_go(self, found: Any, *, left: bool) -> Expression:
        """Whether a value is known and goes to one side; false or missing where it is not known."""
        own = self.inputs[int(found["feature_idx"])]
        if not found["is_categorical"]:
            op = Op.AT_MOST if left else Op.GREATER
            return call(op, own.value, literal(min(float(found["num_threshold"]), LARGEST)))
        bits = self.bitsets[int(found["bitset_idx"])]
        words = [each for place, each in enumerate(own.words) if _is_set(bits, place) == left]
        return call(Op.IN, own.value, *words) if words else literal(value=False)


def _is_set(bits: Any, place: int) -> bool:
    return bool((int(bits[place // 32]) >> (place % 32)) & 1)


def _if(condition: Expression, then: Expression, otherwise: Expression) -> Call:
    return call(Op.IF, condition, then, otherwise, type=NUMBER)


__all__ = ["divided_by", "summed"]
