"""Months of marketing facts that leave the database for Parquet files, and come back.

Per month: its rows are written to a file with a manifest beside it; both are read back from where they were put; only
then are the rows taken out of the database, in one transaction with the row of marketing.archives that says where they
are, and only if they are still those of the file. So at any moment they are in the database or in a file that was
verified, and whatever dies in between is done again by the next run.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from moadb import __version__, parquet
from moadb.connection import Connection, connect_deployed
from moadb.errors import Exit, MoadbError
from moadb.parquet import Column, Tally
from moadb.storage import Storage, open_storage, open_url

TABLES: Final = ("campaign_metrics", "campaign_metric_versions", "campaign_daily")
_TRIES: Final = 5  # for the lock of a month that is in use; each waits two seconds at most
_IN_USE: Final = ("55P03", "40P01")
_RESTORED: Final = "MM154"
_CHUNK: Final = 1024 * 1024

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


def list_archives(dsn: str) -> list[Archive]:
    """Return what is in files (status removed) and what has come back (restored), by month.

    Raises:
        MoadbError: no such database, or marketing is not installed.
    """
    with _connected(dsn) as connection:
        return _archives(connection)


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
    with _connected(dsn) as connection:
        if not dry_run:
            _drain(connection)
        report = _archivable(connection, older_than, daily_older_than)
        for month in report:
            if dry_run:
                month.status = "would archive"
            elif not _archive(connection, storage, month, tell):
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
    with _connected(dsn) as connection:
        return [_verified(archive, tell) for archive in _selected(connection, month)]


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
    with _connected(dsn) as connection:
        archives = _selected(connection, month)
        half = [archive for archive in _archives(connection) if archive.is_to_be_figured and archive.is_of(month)]
        if not archives and not half and month is not None:
            raise MoadbError(f"nothing of {month:%Y-%m} is archived", hint="`moadb archive list` shows what is")
        report = [_verified(archive, tell) for archive in archives]
        if not all(outcome.ok for outcome in report):
            return [_set(outcome, "not tried" if outcome.ok else "bad") for outcome in report]
        if dry_run:
            return [_set(outcome, "would restore") for outcome in report]
        report = [_set(outcome, "not tried") for outcome in report]
        for archive, outcome in zip(archives, report, strict=True):
            if not _restore(connection, archive, outcome, tell):
                break
        for archive in half:
            report.append(_set(_outcome(archive), "restored", _refigure(connection, archive)))
    return report


def _connected(dsn: str) -> Connection:
    return connect_deployed(dsn, application_name="moadb archive", system="marketing")


def _archives(connection: Connection) -> list[Archive]:
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


def _selected(connection: Connection, month: date | None) -> list[Archive]:
    """Return the current archives, of one month or all."""
    return [archive for archive in _archives(connection) if archive.status == "removed" and archive.is_of(month)]


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _archivable(connection: Connection, older_than: str, daily_older_than: str) -> list[Outcome]:
    try:
        rows = connection.execute(
            """
            select a.table_name, a.partition_name, a.date_from, a.date_to, a.rows_estimate, a.bytes
            from marketing.list_archivable(%s::interval, %s::interval) as a
            """,
            [older_than, daily_older_than],
        ).fetchall()
    except (psycopg.errors.InvalidDatetimeFormat, psycopg.errors.IntervalFieldOverflow) as error:
        raise MoadbError(
            str(error.diag.message_primary), hint="as PostgreSQL writes it: '3 months', '1 year'", exit_code=Exit.USAGE
        ) from None
    return [Outcome(table, name, first, end, "not tried", rows, size) for table, name, first, end, rows, size in rows]


def _drain(connection: Connection) -> None:
    """Bring rows that lie in default partitions into partitions of their months."""
    for table in TABLES:
        while connection.execute("select marketing.drain_facts(%s)", [table]).fetchone() != (0,):
            pass


def _archive(connection: Connection, storage: Storage, month: Outcome, tell: Progress) -> bool:
    """Archive one partition; return whether the next one is worth trying: not when the storage fails."""
    exported = None
    try:
        with tempfile.TemporaryDirectory(prefix="moadb-archive-") as folder:
            exported = _export(connection, Path(folder) / "rows.parquet", month, tell)
            month.url = _store(storage, exported, month, tell)
        with open_url(month.url) as file:
            _verify_file(file, exported, month.partition_name, tell)
        tell(month.partition_name, "removing", exported.tally.rows, exported.tally.rows)
        _remove(connection, exported, month)
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        states = {"MM151": "changed", "MM156": "changed", **dict.fromkeys(_IN_USE, "in use")}
        _set(month, states.get(error.sqlstate, "failed"), str(error.diag.message_primary))
        return True
    except MoadbError as error:
        _set(month, "failed", error.message + (f" ({error.hint})" if error.hint else ""))
        return exported is None
    _set(month, "archived")
    return True


@dataclass(frozen=True)
class _Exported:
    """A file, and what it must hold."""

    path: Path
    columns: list[Column]
    tally: Tally
    bytes: int
    sha256: str
    exported_at: datetime


def _export(connection: Connection, path: Path, month: Outcome, tell: Progress) -> _Exported:
    """Write a partition's rows, of one snapshot, into a local file."""
    with _transaction(connection, psycopg.IsolationLevel.REPEATABLE_READ):
        row = connection.execute(
            """
            select o.lines, o.columns, o.rows, o.checksum, o.exported_at
            from marketing.open_export(%s, %s) as o
            """,
            [month.table_name, month.date_from],
        ).fetchone()
        assert row is not None
        cursor, terms, rows, checksum, exported_at = row
        columns = _columns(terms)
        about = {
            "version": __version__,
            "table": f"marketing.{month.table_name}",
            "date_from": month.date_from.isoformat(),
            "date_to": month.date_to.isoformat(),
            "columns": terms,
        }

        def batches() -> Iterator[list[str]]:
            done = 0
            fetch = sql.SQL("fetch {} from {}").format(parquet.BATCH_ROWS, sql.Identifier(cursor))
            while batch := [line for (line,) in connection.execute(fetch)]:
                tell(month.partition_name, "exporting", done, rows)
                yield batch
                done += len(batch)
            tell(month.partition_name, "exporting", done, rows)

        parquet.write(path, columns, batches(), about)
    month.rows, month.bytes = rows, path.stat().st_size
    with path.open("rb") as file:
        return _Exported(path, columns, Tally(rows, int(checksum)), month.bytes, _sha256(file), exported_at)


def _store(storage: Storage, exported: _Exported, month: Outcome, tell: Progress) -> str:
    """Put file and manifest into the storage, the manifest last; return the address of the file.

    The name has the content in it: a run that was cut short is repeated into the same file, and never another's.
    """
    tell(month.partition_name, "storing", 0, exported.tally.rows)
    name = f"{month.table_name}/{month.date_from:%Y-%m-%d}/{month.partition_name}-{exported.sha256[:16]}.parquet"
    url = storage.put(name, exported.path)
    manifest = {
        "format": 1,
        "moadb": __version__,
        "table": f"marketing.{month.table_name}",
        "partition": month.partition_name,
        "date_from": month.date_from.isoformat(),
        "date_to": month.date_to.isoformat(),
        "file": name.rpartition("/")[2],
        "bytes": exported.bytes,
        "sha256": exported.sha256,
        "rows": exported.tally.rows,
        "checksum": str(exported.tally.checksum),
        "columns": [asdict(column) for column in exported.columns],
        "exported_at": exported.exported_at.isoformat(),
    }
    storage.put(_manifest_of(name), (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    _verify_manifest(_manifest_of(url), exported)
    return url


def _remove(connection: Connection, exported: _Exported, month: Outcome) -> None:
    """Take the rows out of the database; a month that is in use is waited for, not for long."""
    for left in reversed(range(_TRIES)):
        try:
            with _transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
                connection.execute(
                    """
                    select marketing.archive_partition(
                      %s, %s, %s, %s::jsonb, %s, %s, decode(%s, 'hex'), %s::numeric, %s
                    )
                    """,
                    [
                        month.table_name,
                        month.date_from,
                        month.url,
                        json.dumps([asdict(column) for column in exported.columns]),
                        exported.tally.rows,
                        exported.bytes,
                        exported.sha256,
                        exported.tally.checksum,
                        exported.exported_at,
                    ],
                )
        except psycopg.Error as error:
            if error.sqlstate not in _IN_USE or not left:
                raise
            time.sleep(0.5)
        else:
            return


def _verified(archive: Archive, tell: Progress) -> Outcome:
    """Compare a file, as it lies in the storage, with its archive."""
    outcome = _outcome(archive)
    try:
        _verify_manifest(_manifest_of(archive.url), _expected(archive))
        with open_url(archive.url) as file:
            _verify_file(file, _expected(archive), archive.partition_name, tell)
    except MoadbError as error:
        _set(outcome, "bad", error.message)
    return outcome


def _outcome(archive: Archive) -> Outcome:
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


def _restore(connection: Connection, archive: Archive, outcome: Outcome, tell: Progress) -> bool:
    """Bring one archive back; return whether the next one is worth trying."""
    columns = _columns(archive.columns)
    try:
        with open_url(archive.url) as file, _transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
            row = connection.execute(
                "select o.relation from marketing.restore_open(%s) as o", [archive.archive_id]
            ).fetchone()
            assert row is not None
            into = sql.SQL("copy {} ({}) from stdin").format(
                sql.SQL(row[0]), sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
            )
            done = 0
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for batch in parquet.read(file, columns):
                    tell(archive.partition_name, "copying", done, archive.rows)
                    copy.write("".join(f"{line}\n" for line in parquet.copy_lines_of(batch, columns)))
                    done += batch.num_rows
            tell(archive.partition_name, "restoring", done, archive.rows)
            connection.execute("select marketing.restore_close(%s)", [archive.archive_id])
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        if error.sqlstate == _RESTORED:
            _set(outcome, "restored already")
        else:
            _set(outcome, "in use" if error.sqlstate in _IN_USE else "failed", str(error.diag.message_primary))
        return True
    except MoadbError as error:
        _set(outcome, "failed", error.message)
        return False
    _set(outcome, "restored", _refigure(connection, archive) if archive.table_name == "campaign_daily" else None)
    return True


def _refigure(connection: Connection, archive: Archive) -> str | None:
    """Compute what is made of days that are back: accounts, rates or budgets may have changed meanwhile.

    Not in the transaction that brings them back, which locks the whole table. Returns what went wrong.
    """
    last = archive.date_to - timedelta(days=1)
    try:
        with _transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
            connection.execute("select marketing.refigure(%s, %s)", [archive.date_from, last])
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        return (
            f"its rows are back, but channels and budgets were not computed from them: {error.diag.message_primary} "
            f"(select marketing.refigure('{archive.date_from}', '{last}') does it)"
        )
    return None


def _expected(archive: Archive) -> _Exported:
    return _Exported(
        Path(),
        _columns(archive.columns),
        Tally(archive.rows, int(archive.checksum)),
        archive.bytes,
        archive.sha256,
        archive.exported_at,
    )


def _verify_manifest(url: str, expected: _Exported) -> None:
    """Compare a manifest in the storage with what it must say."""
    with open_url(url) as file:
        try:
            manifest: dict[str, Any] = json.load(file)
            said = [manifest[key] for key in ("rows", "bytes", "sha256", "checksum", "columns")]
        except (ValueError, KeyError, TypeError):
            raise MoadbError(f"{url} is no manifest of an archive", exit_code=Exit.NOT_VERIFIED) from None
    meant = [
        expected.tally.rows,
        expected.bytes,
        expected.sha256,
        str(expected.tally.checksum),
        [asdict(column) for column in expected.columns],
    ]
    if said != meant:
        raise MoadbError(f"{url} is not the manifest of what was archived", exit_code=Exit.NOT_VERIFIED)


def _verify_file(file: BinaryIO, expected: _Exported, partition: str, tell: Progress) -> None:
    """Compare a file's bytes, and then the rows that are read from it, with what they must be."""
    tell(partition, "verifying", 0, expected.tally.rows)
    found = _sha256(file)
    if found != expected.sha256:
        raise MoadbError(
            f"the file is not the one that was archived: its SHA-256 is {found}, not {expected.sha256}",
            exit_code=Exit.NOT_VERIFIED,
        )
    tally = parquet.tally_of(file, expected.columns)
    if tally != expected.tally:
        raise MoadbError(
            f"the file holds {tally.rows} rows with checksum {tally.checksum}, "
            f"not {expected.tally.rows} with {expected.tally.checksum}",
            exit_code=Exit.NOT_VERIFIED,
        )
    tell(partition, "verifying", tally.rows, tally.rows)


def _sha256(file: BinaryIO) -> str:
    """Return the SHA-256 of a whole file, which is at its beginning again afterwards."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _columns(terms: Sequence[dict[str, str]]) -> list[Column]:
    return [Column(column["name"], column["type"]) for column in terms]


def _manifest_of(name: str) -> str:
    return name.removesuffix(".parquet") + ".manifest.json"


def _set(outcome: Outcome, status: str, problem: str | None = None) -> Outcome:
    outcome.status = status
    outcome.problem = problem or outcome.problem
    return outcome


@contextmanager
def _transaction(connection: Connection, isolation: psycopg.IsolationLevel) -> Iterator[None]:
    connection.isolation_level = isolation
    try:
        with connection.transaction():
            yield
    finally:
        if not connection.broken and not connection.closed:
            connection.isolation_level = None
