"""The operator table: what each operator means, once, for every engine.

A dialect file spells these and adds none. Unless a line says otherwise an operator gives a missing
value when an operand is missing, as SQL does; *conditions* of rules are made two-valued with `met`.
"""

from __future__ import annotations

from enum import StrEnum


class Op(StrEnum):
    """Closed list of operators."""

    # truth
    AND = "and"
    OR = "or"
    NOT = "not"
    MET = "met"
    """True if the operand is true; false if it is false or missing."""
    IS_MISSING = "is_missing"

    # comparison (text compares by bytes)
    EQUAL = "equal"
    LESS = "less"
    AT_MOST = "at_most"
    GREATER = "greater"
    AT_LEAST = "at_least"
    IN = "in"
    """The first operand equals one of the others."""

    # arithmetic: exact for integers and money, except division
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    """Real division; a missing value when the result is not finite, as by zero."""
    NEGATE = "negate"
    ABSOLUTE = "absolute"
    ROUND = "round"
    """(number, places): half away from zero."""
    LEAST = "least"
    """Smallest of the operands that are not missing."""
    GREATEST = "greatest"
    MEAN_OF = "mean_of"
    """Mean of the operands (doubles) that are not missing; missing when all are, or not finite."""
    KNOWN_COUNT = "known_count"
    """How many of the operands are not missing."""

    # choice
    IF = "if"
    """(condition, then, else): else when the condition is false or missing."""
    FIRST_KNOWN = "first_known"
    """The first operand that is not missing."""

    # text
    LOWER = "lower"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"
    """(text, pattern): the RE2 pattern is found anywhere in the text."""

    # time
    DAYS_BETWEEN = "days_between"
    """(from day, to day): whole days, the difference of the two dates."""
    YEARS_BETWEEN = "years_between"
    """(from day, to day): completed years, as one counts an age."""
    SECONDS_BETWEEN = "seconds_between"
    """(from instant, to instant): elapsed seconds, a whole number rounded down."""
    WEEKDAY = "weekday"
    """1 Monday … 7 Sunday."""
    MONTH = "month"
    """1 … 12."""
    DAY_OF_MONTH = "day_of_month"
    YEAR = "year"
    LOCAL_TIME = "local_time"
    """(instant, zone): wall-clock time in a named zone, without an offset."""
    LOCAL_DAY = "local_day"
    """(instant, zone): the day on which the instant falls in a named zone."""

    # conversion
    AS_NUMBER = "as_number"
    """As a double-precision number."""
    AS_INTEGER = "as_integer"
    """As a whole number of 64 bits; missing when it does not fit."""
    AS_MONEY = "as_money"
    """As a decimal with four places; missing when it is 10^14 or more."""
    AS_WIDE = "as_wide"
    """A whole number wide enough for the sum, difference or product of two of 64 bits."""
    FINITE = "finite"
    """The double, or a missing value when it is infinite or not a number."""
    AS_TEXT = "as_text"
    READ_NUMBER = "read_number"
    """The double that a text of digits, with or without a sign and a decimal point, stands for;
    missing for any other text."""

    # chance
    RANDOM_SHARE = "random_share"
    """(salt, id): a number in [0, 1) that depends on these two texts only: the first 32 bits of
    the MD5 of salt, a colon and id, divided by 2^32. Equal on every engine."""

    # aggregates over rows of a group; missing values are left out
    COUNT_ROWS = "count_rows"
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVERAGE = "average"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    MEDIAN = "median"
    QUANTILE = "quantile"
    """(value, share): exact, linear interpolation between the two nearest values."""
    QUANTILES = "quantiles"
    """(value, share, …): the same for several shares at once, as a list."""
    ELEMENT = "element"
    """(list, place): an element of a list, counted from 1. Not an aggregate."""
    DEVIATION = "deviation"
    """Sample standard deviation; missing for fewer than two values."""
    ANY_TRUE = "any_true"
    FIRST_BY = "first_by"
    """(value, key, …): the value of the row that is first by the keys, among rows with a value."""
    LAST_BY = "last_by"

    # over a window of rows
    PREVIOUS = "previous"
    """(value): the value of the row before, inside the partition and order of the `Window`."""
    FOLLOWING = "following"
    ROW_NUMBER = "row_number"
    RUNNING_SUM = "running_sum"
    TOTAL = "total"
    """(value): sum over the partition."""


AGGREGATES = frozenset(
    {
        Op.COUNT_ROWS, Op.COUNT, Op.COUNT_DISTINCT, Op.SUM, Op.AVERAGE, Op.MINIMUM, Op.MAXIMUM,
        Op.MEDIAN, Op.QUANTILE, Op.QUANTILES, Op.DEVIATION, Op.ANY_TRUE, Op.FIRST_BY, Op.LAST_BY,
    }
)  # fmt: skip
