"""When jobs are due."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest

from moadb import jobs
from moadb.errors import MoadbError
from moadb.jobs.schedule import last_slot, next_slot
from probing import (
    LONG_AGO,
    declare,
    runner,
    runs,
    until,
)


def test_slots() -> None:
    now = datetime(2026, 11, 21, 10, 7, 30, tzinfo=timezone.utc)
    assert last_slot("*/5 * * * *", now) == datetime(2026, 11, 21, 10, 5, tzinfo=timezone.utc)
    assert next_slot("*/5 * * * *", now) == datetime(2026, 11, 21, 10, 10, tzinfo=timezone.utc)
    on_time = datetime(2026, 11, 21, 10, 0, tzinfo=timezone.utc)
    assert last_slot("0 10 * * *", on_time) == on_time, "a slot is due at its very beginning"
    assert next_slot("0 10 * * *", on_time) == on_time + timedelta(days=1)
    seoul = timezone(timedelta(hours=9))
    assert last_slot("0 0 * * *", datetime(2026, 11, 21, 8, 0, tzinfo=seoul)) == datetime(
        2026, 11, 20, tzinfo=timezone.utc
    )
    assert last_slot("0 0 29 2 *", now) == datetime(2024, 2, 29, tzinfo=timezone.utc)


IMPOSSIBLE = ["99 * * * *", "0 0 31 2 *"]


@pytest.mark.parametrize("schedule", IMPOSSIBLE)
def test_impossible_schedules(schedule: str) -> None:
    now = datetime(2026, 11, 21, 10, 7, 30, tzinfo=timezone.utc)
    for slot in next_slot, last_slot:
        with pytest.raises(MoadbError, match=re.escape(f"schedule {schedule!r}: bad ")):
            slot(schedule, now)


@pytest.mark.parametrize("schedule", IMPOSSIBLE)
def test_an_impossible_schedule_is_the_trouble_of_its_job_alone(
    probes: str, schedule: str, caplog: pytest.LogCaptureFixture
) -> None:
    impossible = declare(probes, "nothing", active_since=LONG_AGO, schedule=schedule)
    possible = declare(probes, "tick", active_since=LONG_AGO)
    with runner(probes):
        until(lambda: runs(probes, possible))
    assert runs(probes, impossible) == []
    assert [r.getMessage() for r in caplog.records if impossible in r.getMessage()] == [
        f"{impossible} never runs: schedule {schedule!r}: bad {'minute' if schedule[0] == '9' else 'day-of-month'}"
    ]
    listed = {job.name: job for job in jobs.list_jobs(probes)}
    assert listed[impossible].next_slot is None
    assert listed[possible].next_slot is not None


def test_every_declared_schedule_can_be_read(database: str) -> None:
    found = jobs.list_jobs(database)
    assert found
    for job in found:
        assert job.next_slot is not None
        expected = next_slot(job.schedule, job.next_slot) - job.next_slot
        assert expected <= job.expected_interval, f"{job.name} is due less often than it is expected"
