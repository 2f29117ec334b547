"""When a cron expression is due. Expressions are in UTC, so no hour is missing or comes twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from cronsim import CronSim


def next_slot(schedule: str, after: datetime) -> datetime:
    """Return the first scheduled minute later than `after`.

    Raises:
        CronSimError: the expression is none.
    """
    return next(CronSim(schedule, after.astimezone(timezone.utc)))


def last_slot(schedule: str, now: datetime) -> datetime | None:
    """Return the latest scheduled minute that is not later than `now`; None when there has never been one.

    Raises:
        CronSimError: the expression is none.
    """
    just_after = now.astimezone(timezone.utc) + timedelta(microseconds=1)
    return next(CronSim(schedule, just_after, reverse=True), None)
