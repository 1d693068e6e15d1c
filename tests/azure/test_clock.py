"""Azure's time, by the Date of its answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from provisioner.azure.clock import Clock

HERE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_it_is_this_machine_s_until_an_answer_has_come() -> None:
    assert Clock(lambda: HERE).now() == HERE


def test_the_date_of_an_answer_sets_it() -> None:
    now = [HERE]
    clock = Clock(lambda: now[0])
    clock.learn({"date": "Sun, 01 Mar 2026 14:30:00 GMT"})
    now[0] += timedelta(minutes=1)
    assert clock.now().replace(microsecond=0) == datetime(2026, 3, 1, 14, 31, tzinfo=UTC)


def test_what_is_no_date_changes_nothing() -> None:
    clock = Clock(lambda: HERE)
    for headers in ({}, {"date": ""}, {"date": "soon"}, {"date": "Sun, 41 Mar 2026 14:30:00 GMT"}):
        clock.learn(headers)
    assert clock.now() == HERE
