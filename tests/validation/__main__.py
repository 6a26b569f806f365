"""`make validate`: every method against what is known to be true, as one page.

    python -m tests.validation              all topics at full size, into docs/reference/validation.md
    python -m tests.validation clv --sets 20    one topic, a tenth of the sets, to the screen

The same seed gives the same figures, bit for bit, on the same versions of numpy and scikit-learn.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.validation.goals import TOPICS, Topic

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "validation.md"
SEED = 1
HEAD = """# Validation

Every method held against simulations in which the truth is known, and against public data whose later
part was kept back. `make validate` writes this page anew ({minutes} minutes of one core); the same
seed gives the same figures. Where a goal is named, *held* says whether it was met.
"""


def main() -> int:
    """Run the topics that are asked for; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.validation", description=__doc__)
    parser.add_argument("topics", nargs="*", choices=[[], *TOPICS], default=[])
    parser.add_argument("--sets", type=int, help="simulated sets instead of a topic's own number")
    chosen = parser.parse_args()
    started, missed, parts = time.process_time(), 0, []
    for name in chosen.topics or TOPICS:
        topic = TOPICS[name]
        found = measured(name, topic, chosen.sets or topic.sets)
        missed += sum(topic.missed(found).values())
        parts.append("\n".join(section(topic, found, chosen.sets or topic.sets)))
        print(parts[-1], flush=True)  # noqa: T201 - it is a program
    if not chosen.topics and not chosen.sets:
        minutes = max(1, round((time.process_time() - started) / 60))
        PAGE.write_text("\n".join([HEAD.format(minutes=minutes), *parts]), encoding="utf-8")
    return min(missed, 1)


def measured(name: str, topic: Topic, sets: int) -> Mapping[str, float]:
    """The figures of a topic."""
    module = importlib.import_module(f"tests.validation.{name}")
    found: Mapping[str, float] = module.figures(SEED, sets)
    return dict(found)


def section(topic: Topic, found: Mapping[str, float], sets: int) -> Iterator[str]:
    """A topic as a table of figures, with goals where there are any."""
    missed = topic.missed(found)
    yield f"## {topic.title}\n\n{topic.about.format(sets=sets)}\n"
    yield "| figure | value | goal | held |\n|---|---|---|---|"
    for name, value in found.items():
        goal = topic.goal(name)
        held = "" if goal is None else "no" if missed[name] else "yes"
        yield f"| {name.replace('_', ' ')} | {value:.4g} | {goal or ''} | {held} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
