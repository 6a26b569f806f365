"""Schedules in words, their next times, and that a paused one waits."""

from __future__ import annotations

from datetime import datetime

import pytest

from segmentry.locale import LANGUAGES, messages
from segmentry.workspace.schedule import Schedule
from segmentry.workspace.schedule_words import spoken


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 5 * * *", "every day at 05:00"),
        ("30 6,18 * * *", "every day at 06:30 and 18:30"),
        ("0 6 * * 1-5", "on working days at 06:00"),
        ("0 6 * * mon,wed", "every week: Monday and Wednesday, at 06:00"),
        ("0 6 * * 0", "every week: Sunday, at 06:00"),
        ("0 6 1,15 * *", "every month: day 1 and 15, at 06:00"),
        ("*/15 * * * *", "every 15 minutes"),
        ("5 * * * *", "every hour, 00:05 into it"),
        ("0 6 1 1 *", "at the times of “0 6 1 1 *”"),
        ("0 6 1 * 1", "at the times of “0 6 1 * 1”"),
        ("*/7 * * * *", "at the times of “*/7 * * * *”"),
    ],
)
def test_times_are_said_as_people_say_them(cron: str, said: str) -> None:
    assert spoken(cron, messages("en")) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_every_form(language: str) -> None:
    crons = ("0 5 * * *", "0 6 * * 1-5", "0 6 * * 1", "0 6 1 * *", "* * * * *", "5 * * * *")
    said = {spoken(each, messages(language)) for each in crons}
    assert len(said) == len(crons)


def test_the_next_times_follow_one_another_on_the_wall_clock() -> None:
    daily = Schedule(name="nightly", cron="0 5 * * *")
    times = daily.upcoming(datetime(2026, 3, 28, 12), "Europe/Kyiv", 2)
    assert times == [datetime(2026, 3, 29, 2), datetime(2026, 3, 30, 2)]


def test_a_paused_schedule_is_never_due_and_is_not_caught_up_with(shop) -> None:
    now = shop.clock()
    shop.schedules.save(Schedule(name="hourly", cron="0 * * * *", paused=True))
    later = now.replace(year=now.year + 1)
    assert shop.schedules.due(later) == []
    shop.clock = lambda: later
    shop.schedules.save(shop.schedules.named("hourly").model_copy(update={"paused": False}))
    assert shop.schedules.due(later) == []
