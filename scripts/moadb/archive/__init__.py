"""Months of marketing facts that leave the database for Parquet files, and come back.

Per month: its rows are written to a file with a manifest beside it; both are read back from where they were put; only
then are the rows taken out of the database, in one transaction with the row of marketing.archives that says where they
are, and only if they are still those of the file. So at any moment they are in the database or in a file that was
verified, and whatever dies in between is done again by the next run.

`months` knows what there is, `writing`, `checking` and `restoring` do one month each; here is the order in which.
"""

from __future__ import annotations

from datetime import date

from moadb import parquet
from moadb.archive.checking import verified
from moadb.archive.months import (
    TABLES,
    Archive,
    Outcome,
    Progress,
    archives_of,
    connected,
    mark,
    outcome_of,
    selected,
)
from moadb.archive.restoring import refigure, restore_month
from moadb.archive.writing import archivable, archive_month, drain
from moadb.errors import MoadbError
from moadb.storage import open_storage

__all__ = ["TABLES", "Archive", "Outcome", "Progress", "list_archives", "restore", "run", "verify"]


def list_archives(dsn: str) -> list[Archive]:
    """Return what is in files (status removed) and what has come back (restored), by month.

    Raises:
        MoadbError: no such database, or marketing is not installed.
    """
    with connected(dsn) as connection:
        return archives_of(connection)


def run(
    dsn: str,
    to: str,
    *,
    older_than: str = "3 months",
    daily_older_than: str = "13 months",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Move old months out of the database, each as one Parquet file with a manifest.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        to: where the files go, as for open_storage.
        older_than: raw rows and their versions leave when their month ended longer ago; as PostgreSQL writes intervals.
        daily_older_than: the same for daily sums.
        dry_run: only say what would be archived.
        progress: told about each step.

    Returns:
        An outcome per partition, the oldest first. A partition that could not be archived is still in the database,
        and the next run tries it again.

    Raises:
        MoadbError: nothing was tried: an address, an interval or a library is wrong or missing.
    """
    parquet.require()
    storage = open_storage(to)
    tell = progress or (lambda partition, step, done, total: None)
    with connected(dsn) as connection:
        if not dry_run:
            drain(connection)
        report = archivable(connection, older_than, daily_older_than)
        for month in report:
            if dry_run:
                month.status = "would archive"
            elif not archive_month(connection, storage, month, tell):
                break
    return report


def verify(dsn: str, month: date | None = None, *, progress: Progress | None = None) -> list[Outcome]:
    """Read archived files and compare them with what the database knows of them: manifest, bytes, rows, checksums.

    Args:
        dsn: the database.
        month: only archives that hold days of this month; None: all.
        progress: told about each step.

    Returns:
        An outcome per archive: ok or bad.

    Raises:
        MoadbError: as for run.
    """
    parquet.require()
    tell = progress or (lambda partition, step, done, total: None)
    with connected(dsn) as connection:
        return [verified(archive, tell) for archive in selected(connection, month)]


def restore(
    dsn: str, month: date | None = None, *, dry_run: bool = False, progress: Progress | None = None
) -> list[Outcome]:
    """Bring archived months back; the files stay where they are.

    All files are verified before the first one is restored. Each comes back in one transaction. What was restored by
    somebody who was killed before channels and budgets were computed from it is computed now.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        month: archives that hold days of this month; None: all.
        dry_run: only verify the files.
        progress: told about each step.

    Returns:
        An outcome per archive; when a file is bad, nothing was restored.

    Raises:
        MoadbError: nothing of that month is archived, or as for run.
    """
    parquet.require()
    tell = progress or (lambda partition, step, done, total: None)
    with connected(dsn) as connection:
        archives = selected(connection, month)
        half = [archive for archive in archives_of(connection) if archive.is_to_be_figured and archive.is_of(month)]
        if not archives and not half and month is not None:
            raise MoadbError(f"nothing of {month:%Y-%m} is archived", hint="`moadb archive list` shows what is")
        report = [verified(archive, tell) for archive in archives]
        if not all(outcome.ok for outcome in report):
            return [mark(outcome, "not tried" if outcome.ok else "bad") for outcome in report]
        if dry_run:
            return [mark(outcome, "would restore") for outcome in report]
        report = [mark(outcome, "not tried") for outcome in report]
        for archive, outcome in zip(archives, report, strict=True):
            if not restore_month(connection, archive, outcome, tell):
                break
        for archive in half:
            report.append(mark(outcome_of(archive), "restored", refigure(connection, archive)))
    return report
