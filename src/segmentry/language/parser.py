"""From tokens to nodes, by recursive descent.

::

    condition   = and { OR and }
    and         = not { AND not }
    not         = NOT not | comparison
    comparison  = sum [ (= | <> | < | <= | > | >=) sum | [NOT] IN (literal, …)
                      | [NOT] BETWEEN sum AND sum | IS [NOT] NULL ]
    sum         = product { (+ | -) product }
    product     = minus { (* | /) minus }
    minus       = - minus | primary
    primary     = number | 'text' | date 'day' | TRUE | FALSE | NULL | name | fact.field
                | function(argument, …, name => argument, …) | (condition)

Values and conditions share the grammar; one where the other is needed is an error with its place.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from decimal import Decimal

from segmentry.core.errors import RuleSyntaxError, UnknownNameError
from segmentry.language.arguments import (
    FUNCTIONS,
    Arguments,
    Clause,
    Listing,
    Part,
    Path,
    as_condition,
    as_value,
    syntax_error,
)
from segmentry.language.condition import Between, Comparison, In, IsMissing
from segmentry.language.literal import KEYWORDS, Constant
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition, Node, ValueNode
from segmentry.language.position import Position, located
from segmentry.language.token import Token, tokens
from segmentry.language.value import Arithmetic, Name, Negation
from segmentry.language.window import day_of

MOST_DEPTH = 50
MOST_NODES = 1000
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


class Parser:
    """Reads one text."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Part:
        """All of the text as one part.

        Raises:
            RuleSyntaxError: It is not of the grammar, too deep or too large.
            UnknownNameError: A function or argument does not exist.
        """
        if self.token.kind == "end":
            raise syntax_error(
                "the rule is empty.", self.token.position, "Write true for everybody."
            )
        part = self._condition()
        if self.token.kind != "end":
            raise self._unexpected("AND, OR or the end")
        if isinstance(part, Node):
            bounded(part)
        return part

    # tokens

    @property
    def token(self) -> Token:
        """The next one."""
        return self.tokens[self.at]

    def _ahead(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def _take(self) -> Token:
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _took(self, *words: str) -> Token | None:
        return self._take() if self.token.is_(*words) else None

    def _expect(self, sign: str, wanted: str = "") -> Token:
        if not self.token.is_(sign):
            raise self._unexpected(wanted or f"`{sign}`")
        return self._take()

    def _unexpected(self, wanted: str) -> RuleSyntaxError:
        fix = ""
        if self.token.kind == "name":
            close = difflib.get_close_matches(self.token.text, sorted(KEYWORDS), n=1)
            if close and close[0] != self.token.text:
                fix = f"Did you mean {close[0].upper()}?"
        return syntax_error(f"{wanted} expected, found {self.token}.", self.token.position, fix)

    def _deeper(self, read: Callable[[], Part]) -> Part:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _too_deep(self.token.position)
        part = read()
        self.depth -= 1
        return part

    # conditions

    def _condition(self) -> Part:
        return self._joined(self._and, "or", Or)

    def _and(self) -> Part:
        return self._joined(self._not, "and", And)

    def _joined(self, read: Callable[[], Part], word: str, node: type[And] | type[Or]) -> Part:
        first = read()
        if not self.token.is_(word):
            return first
        parts = [as_condition(first)]
        while self._took(word):
            parts.append(as_condition(read()))
        return node(tuple(parts), position=first.position)

    def _not(self) -> Part:
        if token := self._took("not"):
            return Not(as_condition(self._deeper(self._not)), position=token.position)
        return self._comparison()

    def _comparison(self) -> Part:
        left = self._sum()
        token = self.token
        if token.is_("like", "ilike"):
            raise self._like()
        if operator := self._took(*COMPARISONS):
            if self.token.is_("="):
                raise syntax_error("`=` stands twice.", token.position, "Write it once.")
            node: Condition = Comparison(
                operator.text, as_value(left), as_value(self._sum()), position=left.position
            )
        elif self._took("is"):
            node = self._missing(as_value(left))
        elif token.is_("in", "between", "not"):
            node = self._listed(as_value(left))
        else:
            return left
        if self.token.is_(*COMPARISONS):
            raise syntax_error(
                "comparisons do not chain.", self.token.position, "Write a < b AND b < c."
            )
        return node

    def _missing(self, operand: ValueNode) -> Condition:
        denied = self._took("not")
        if not self._took("null"):
            raise self._unexpected("NULL")
        return self._perhaps_not(IsMissing(operand, position=operand.position), denied)

    def _listed(self, operand: ValueNode) -> Condition:
        denied = self._took("not")
        token = self._took("in", "between")
        if token is None:
            raise self._like() if self.token.is_("like", "ilike") else self._unexpected("IN")
        if token.text == "in":
            options = self._options()
            return self._perhaps_not(In(operand, options, position=operand.position), denied)
        low = as_value(self._sum())
        self._expect("and", "AND and the upper limit")
        high = as_value(self._sum())
        return self._perhaps_not(Between(operand, low, high, position=operand.position), denied)

    def _perhaps_not(self, node: Condition, denied: Token | None) -> Condition:
        return Not(node, position=node.position) if denied else node

    def _options(self) -> tuple[Constant, ...]:
        self._expect("(")
        options: list[Constant] = []
        while True:
            option = self._minus()
            if not isinstance(option, Constant) or option.content is None:
                raise syntax_error(
                    "only literals can stand in the list of IN.", option.position,
                    "Texts stand in quotes: ('UA', 'PL').",
                )  # fmt: skip
            options.append(option)
            if not self._took(","):
                break
        self._expect(")", "`,` or `)`")
        return tuple(options)

    def _like(self) -> RuleSyntaxError:
        return syntax_error(
            "LIKE is not a part of the language.", self.token.position,
            "Write contains(x, 'part'), starts_with(x, 'part') or matches(x, 'pattern').",
        )  # fmt: skip

    # values

    def _sum(self) -> Part:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Part:
        return self._chain(self._minus, "*", "/")

    def _chain(self, read: Callable[[], Part], *signs: str) -> Part:
        part = read()
        while token := self._took(*signs):
            left, right = as_value(part), as_value(read())
            part = Arithmetic(token.text, left, right, position=left.position)
        return part

    def _minus(self) -> Part:
        token = self._took("-")
        if token is None:
            return self._primary()
        if self.token.kind == "number":
            return self._number(self._take(), token.position, "-")
        return Negation(as_value(self._deeper(self._minus)), position=token.position)

    def _primary(self) -> Part:
        token = self.token
        match token.kind:
            case "number":
                return self._number(self._take(), token.position)
            case "text":
                return self._text(self._take())
            case "name" | "quoted":
                return self._named()
        if self._took("("):
            return self._deeper(lambda: self._group(token.position))
        raise self._unexpected("a value or condition")

    def _number(self, token: Token, position: Position, sign: str = "") -> Constant:
        spelled = sign + token.text
        with located(position):
            content = Decimal(spelled) if "." in spelled else _whole(spelled)
            return Constant.of(content, position=position)

    def _text(self, token: Token) -> Constant:
        with located(token.position):
            return Constant.of(token.text, position=token.position)

    def _group(self, position: Position) -> Part:
        parts = [self._condition()]
        while self._took(","):
            parts.append(self._condition())
        self._expect(")")
        return parts[0] if len(parts) == 1 else Listing(tuple(parts), position)

    def _named(self) -> Part:
        token = self._take()
        position = token.position
        if token.kind == "name":
            if self.token.is_("("):
                self._take()
                return self._deeper(lambda: self._call(token))
            if token.text in ("true", "false", "null"):
                content = {"true": True, "false": False}.get(token.text)
                return Constant.of(content, position=position)
            if token.text == "date" and self.token.kind == "text":
                with located(self.token.position):
                    return Constant.of(day_of(self._take().text), position=position)
            if token.text in KEYWORDS:
                self.at -= 1
                raise self._unexpected("a value or condition")
        if self._took("."):
            if self.token.kind not in ("name", "quoted"):
                raise self._unexpected("the name of a field")
            return Path(token.text, self._take().text, position)
        with located(position):
            return Name(token.text, position=position)

    # calls

    def _call(self, name: Token) -> Part:
        if name.text == "where":
            condition = as_condition(self._condition())
            self._expect(")")
            return Clause(condition, name.position)
        if name.text not in FUNCTIONS:
            raise UnknownNameError("function", name.text, FUNCTIONS, where=str(name.position))
        arguments = Arguments(name.text, name.position, [], {}, {})
        while not self._took(")"):
            self._argument(arguments)
            if not self.token.is_(")"):
                self._expect(",", "`,` or `)`")
                if self.token.is_(")"):
                    raise self._unexpected("an argument")
        with located(name.position):
            node = FUNCTIONS[name.text](arguments)
        arguments.finish()
        return placed(node, name.position)

    def _argument(self, arguments: Arguments) -> None:
        token = self.token
        if token.kind == "name" and self._ahead().is_("=>"):
            self.at += 2
            if token.text in arguments.named:
                raise syntax_error(f"`{token.text}` is given twice.", token.position)
            arguments.spelled_at[token.text] = token.position
            arguments.named[token.text] = self._condition()
        elif arguments.named:
            raise syntax_error(
                "an argument without a name comes after one with a name.", token.position,
                "Put it first.",
            )  # fmt: skip
        else:
            arguments.positional.append(self._condition())


def _whole(spelled: str) -> int:
    # the interpreter refuses to read very long numbers with an error of its own
    return int(spelled[:40])


def placed(node: Node, position: Position) -> Node:
    """The node, made a moment ago, with its place."""
    object.__setattr__(node, "position", position)
    return node


def bounded(root: Node) -> None:
    """Refuse a tree that is too deep or too large.

    Raises:
        RuleSyntaxError: It has more than 50 levels or 1,000 nodes.
    """
    count = 0
    open_nodes = [(root, 1)]
    while open_nodes:
        node, depth = open_nodes.pop()
        count += 1
        if depth > MOST_DEPTH:
            raise _too_deep(node.position)
        if count > MOST_NODES:
            raise syntax_error(
                f"the rule has more than {MOST_NODES} parts.", root.position,
                "Make parts of it segments and join them with in_segment.",
            )  # fmt: skip
        open_nodes += [(child, depth + 1) for child in node.children()]


def _too_deep(position: Position | None) -> RuleSyntaxError:
    return syntax_error(
        f"more than {MOST_DEPTH} levels lie inside one another.", position,
        "Make parts of it segments and join them with in_segment.",
    )  # fmt: skip
