"""Importing files of metrics: read by COPY into a table of their own, loaded from there in slices.

Nothing is lost and nothing doubled: every row that was read is inserted, changed, unchanged, stale, summed into another
one or rejected, and whoever runs the same file again finds its rows unchanged.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from moadb.connection import connect_deployed
from moadb.errors import Exit, MoadbError, Refused
from moadb.imports import columns
from moadb.imports.job import Imported, Job, Options, Progress
from moadb.imports.loading import check_total, load, told_before, total_of
from moadb.imports.reading import open_source
from moadb.imports.rows import account_of
from moadb.imports.staging import Staged, stage, stage_by_cells

__all__ = ["TARGETS", "Imported", "Options", "import_metrics"]

TARGETS = tuple(columns.ALIASES)
_LOCK = "marketing.import"  # advisory lock: one importer for a file at a time
_LOCK_WAIT = 10.0  # seconds; the server notices only then that an importer that was killed is gone
_REPEATED = "MM036"  # two rows of a slice are for the same campaign, day and hour


def import_metrics(dsn: str, path: Path, options: Options, progress: Progress | None = None) -> Imported:
    """Load a file of metrics.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        path: a CSV file, or .jsonl.
        options: how.
        progress: is told how far it is: bytes read, then rows loaded.

    Raises:
        Refused: another importer is at work on the file.
        MoadbError: the file cannot be read, or an account is not known; nothing was loaded then.
    """
    started = time.monotonic()
    if options.rejects and options.rejects.resolve() == path.resolve():
        raise MoadbError(f"--rejects {options.rejects} is the file to import", exit_code=Exit.USAGE)
    account = account_of(options.account) if options.account else None
    source = open_source(
        path,
        options.mapped,
        given=frozenset(options.given),
        has_account=account is not None,
        encoding=options.encoding,
        delimiter=options.delimiter,
    )
    with connect_deployed(dsn, application_name="moadb import", autocommit=False) as connection:
        if connection.execute("select to_regclass('marketing.imports')").fetchone() == (None,):
            raise MoadbError("system marketing is not deployed here", hint="moadb migrate --systems marketing")
        connection.commit()
        job = Job(dsn, connection, source, options, account, progress or (lambda step, done, total: None))
        with _only_importer(job):
            result = _run(job)
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _run(job: Job) -> Imported:
    """Read and load a file, or go on with what an earlier importer has read."""
    result = Imported(job.source.path.name, encoding=job.source.encoding, dry_run=job.options.dry_run)
    result.columns = {target: job.source.header[place] for target, place in job.source.found.columns.items()}
    result.import_id = _left_over(job)
    result.resumed = result.import_id is not None
    if result.import_id is None:
        result.import_id = _tell(result, stage(job))
    else:
        _tell_again(result, told_before(job.connection, result.import_id))
    if job.options.dry_run:
        return result
    try:
        load(job, result.import_id)
    except psycopg.Error as error:
        if error.sqlstate != _REPEATED:
            raise
        before = total_of(job.connection, result.import_id)
        result.import_id = _tell(result, stage_by_cells(job))
        load(job, result.import_id)
        result.resumed = False
        result.inserted, result.changed = before.inserted, before.changed
        result.unchanged = -before.inserted - before.changed  # they are met again
    total = total_of(job.connection, result.import_id)
    check_total(result.import_id, total)
    result.read, result.summed, result.rejected = total.read, total.summed, total.rejected
    result.inserted += total.inserted
    result.changed += total.changed
    result.unchanged += total.unchanged
    result.stale = total.stale
    job.connection.execute("select marketing.import_close(%s)", [result.import_id])
    job.connection.commit()
    return result


@contextmanager
def _only_importer(job: Job) -> Iterator[None]:
    """Keep other importers from the same file; wait for one whose client is gone.

    Raises:
        Refused: another one is at work.
    """
    connection = job.connection
    key = int.from_bytes(job.digest[:4], "big", signed=True)
    deadline = time.monotonic() + _LOCK_WAIT
    while connection.execute("select pg_try_advisory_lock(hashtext(%s), %s)", [_LOCK, key]).fetchone() != (True,):
        connection.rollback()
        if time.monotonic() > deadline:
            raise Refused(
                f"{job.source.path.name} is being imported by somebody else", hint="wait for its end, then run it again"
            )
        time.sleep(0.25)
    connection.commit()
    try:
        yield
    finally:
        with suppress(psycopg.Error):  # the connection may be what has failed; the lock goes with it
            connection.rollback()
            connection.execute("select pg_advisory_unlock(hashtext(%s), %s)", [_LOCK, key])
            connection.commit()


def _left_over(job: Job) -> int | None:
    """Return the import of the same file that is to be gone on with."""
    if not job.options.resume or job.options.dry_run:
        return None
    row = job.connection.execute("select marketing.import_resume(%s)", [job.digest]).fetchone()
    job.connection.commit()
    return None if row is None or row[0] is None else int(row[0])


def _tell(result: Imported, staged: Staged) -> int:
    """Write down what was read and rejected; return the import."""
    result.read, result.rejected = staged.reader.read, staged.rejects.count
    _tell_again(result, staged.told)
    return staged.import_id


def _tell_again(result: Imported, told: Mapping[str, Any]) -> None:
    """Write down what a file is to be told of, whoever has read it."""
    result.totals, result.reasons = told.get("totals", 0), told.get("reasons", {})
    result.rejects, result.notes = told.get("rejects"), told.get("notes", [])
