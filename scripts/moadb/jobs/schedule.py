"""When a cron expression is due. Expressions are in UTC, so no hour is missing or comes twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from cronsim import CronSim, CronSimError

from moadb.errors import MoadbError


def next_slot(schedule: str, after: datetime) -> datetime:
    """Return the first scheduled minute later than `after`.

    Raises:
        MoadbError: the expression is none, or names a day that no month has.
    """
    return next(_slots(schedule, after.astimezone(timezone.utc)))


def last_slot(schedule: str, now: datetime) -> datetime | None:
    """Return the latest scheduled minute that is not later than `now`; None when there has never been one.

    Raises:
        MoadbError: as next_slot.
    """
    just_after = now.astimezone(timezone.utc) + timedelta(microseconds=1)
    return next(_slots(schedule, just_after, reverse=True), None)


def _slots(schedule: str, start: datetime, *, reverse: bool = False) -> CronSim:
    try:
        return CronSim(schedule, start, reverse=reverse)
    except CronSimError as error:
        raise MoadbError(
            f"schedule {schedule!r}: {str(error).lower()}",
            hint="correct it in sql/<schema>/jobs.sql, then `moadb migrate`",
        ) from None
