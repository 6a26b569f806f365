"""Templates: each is a rule on data that have everything; parameters are values and nothing else."""

import pytest
from tests.docs.everything import schema

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.language.text import parse_rule
from segmentry.locale import messages
from segmentry.segments.templates import template, templates

SCHEMA = schema()


@pytest.mark.parametrize("name", templates())
def test_every_template_is_a_rule_with_texts(name):
    parse_rule(template(name).rule(), SCHEMA)
    for part in ("label", "about", "why"):
        assert messages("en")(f"templates.{name}.{part}")
    assert all(f"{{{each}}}" in template(name).pattern for each in template(name).parameters)


def test_there_are_the_usual_ones():
    assert len(templates()) >= 30


def test_parameters_are_put_in_as_values():
    assert template("one_and_done").rule(days="90") == "frequency = 1 AND recency_days > 90"
    fans = template("category_fans").rule(category="x' OR true OR '")
    assert fans.startswith("main_category = 'x'' OR true OR '''")
    for wrong in ("90 OR true", "-1", "", "1e3", "9999999999"):
        with pytest.raises(UsageError):
            template("one_and_done").rule(days=wrong)
    with pytest.raises(UnknownNameError, match="days"):
        template("one_and_done").rule(day=3)
    with pytest.raises(UnknownNameError):
        template("one_and_don")
