"""Months as the database knows them: what is archived, and what became of a partition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import psycopg
from psycopg.rows import class_row

from moadb.connection import Connection, connect_deployed

TABLES: Final = ("campaign_metrics", "campaign_metric_versions", "campaign_daily")
IN_USE: Final = ("55P03", "40P01")  # a lock that was not to be had, and a deadlock

Progress = Callable[[str, str, int, int], None]
"""Told what is done: the partition, the step (exporting, storing, verifying, removing, checking, copying, restoring),
rows done and rows in all (0: not known)."""


@dataclass(frozen=True)
class Archive:
    """A row of marketing.archives, where its columns are explained."""

    archive_id: int
    table_name: str
    partition_name: str
    date_from: date
    date_to: date
    status: str
    url: str
    rows: int
    bytes: int
    sha256: str
    checksum: Decimal
    columns: list[dict[str, str]]
    exported_at: datetime
    removed_at: datetime
    restored_at: datetime | None
    refigured_at: datetime | None

    @property
    def is_to_be_figured(self) -> bool:
        """Return whether its days are back, and nothing was computed from them since: who restored it was killed."""
        return self.status == "restored" and self.table_name == "campaign_daily" and self.refigured_at is None

    def is_of(self, month: date | None) -> bool:
        """Return whether it holds days of a month."""
        return month is None or (self.date_from < _next_month(month) and self.date_to > month.replace(day=1))


@dataclass
class Outcome:
    """What became of one partition.

    Args:
        date_from: its first day.
        date_to: the first day after it.
        status: archived, restored, restored already (by somebody else meanwhile); would archive, would restore (a dry
            run); ok (verified); changed (rows arrived meanwhile: nothing was removed); in use (its lock was not to be
            had); failed; bad (the file is not what was archived); not tried.
        rows: in the file, or in the partition as far as it was analyzed.
        bytes: of the file, or of the partition.
        url: of the file.
        problem: why it was not done.
    """

    table_name: str
    partition_name: str
    date_from: date
    date_to: date
    status: str
    rows: int | None
    bytes: int
    url: str | None = None
    problem: str | None = None

    @property
    def ok(self) -> bool:
        """Return whether nothing is left to be done, or looked at, for this partition."""
        return self.problem is None


def outcome_of(archive: Archive) -> Outcome:
    """Return the outcome of an archive that is as it should be."""
    return Outcome(
        archive.table_name,
        archive.partition_name,
        archive.date_from,
        archive.date_to,
        "ok",
        archive.rows,
        archive.bytes,
        archive.url,
    )


def mark(outcome: Outcome, status: str, problem: str | None = None) -> Outcome:
    """Say what became of a partition; return it."""
    outcome.status = status
    outcome.problem = problem or outcome.problem
    return outcome


def connected(dsn: str) -> Connection:
    """Return a session on a database that has marketing."""
    return connect_deployed(dsn, application_name="moadb archive", system="marketing")


def archives_of(connection: Connection) -> list[Archive]:
    """Return all archives, by month."""
    with connection.cursor(row_factory=class_row(Archive)) as cursor:
        return cursor.execute(
            """
            select
              a.archive_id, a.table_name, a.partition_name, a.date_from, a.date_to, a.status, a.url, a.rows, a.bytes,
              encode(a.sha256, 'hex') as sha256, a.checksum, a.columns, a.exported_at, a.removed_at, a.restored_at,
              a.refigured_at
            from marketing.list_archives() as a
            """
        ).fetchall()


def selected(connection: Connection, month: date | None) -> list[Archive]:
    """Return the current archives, of one month or all."""
    return [archive for archive in archives_of(connection) if archive.status == "removed" and archive.is_of(month)]


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@contextmanager
def transaction(connection: Connection, isolation: psycopg.IsolationLevel) -> Iterator[None]:
    """Do something in one transaction of that isolation."""
    connection.isolation_level = isolation
    try:
        with connection.transaction():
            yield
    finally:
        if not connection.broken and not connection.closed:
            connection.isolation_level = None
