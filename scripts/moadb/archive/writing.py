"""Out of the database: a month becomes a file that was read back, and only then its rows go."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from moadb import __version__, parquet
from moadb.archive.checking import Exported, columns_of, manifest_of, sha256_of, verify_file, verify_manifest
from moadb.archive.months import IN_USE, TABLES, Outcome, Progress, mark, transaction
from moadb.connection import Connection
from moadb.errors import Exit, MoadbError
from moadb.parquet import Tally
from moadb.storage import Storage, open_url

_TRIES: Final = 5  # for the lock of a month that is in use; each waits two seconds at most


def archivable(connection: Connection, older_than: str, daily_older_than: str) -> list[Outcome]:
    """Return the partitions that are old enough, none of them tried."""
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


def drain(connection: Connection) -> None:
    """Bring rows that lie in default partitions into partitions of their months."""
    for table in TABLES:
        while connection.execute("select marketing.drain_facts(%s)", [table]).fetchone() != (0,):
            pass


def archive_month(connection: Connection, storage: Storage, month: Outcome, tell: Progress) -> bool:
    """Archive one partition; return whether the next one is worth trying: not when the storage fails."""
    exported = None
    try:
        with tempfile.TemporaryDirectory(prefix="moadb-archive-") as folder:
            exported = _export(connection, Path(folder) / "rows.parquet", month, tell)
            month.url = _store(storage, exported, month, tell)
        with open_url(month.url) as file:
            verify_file(file, exported, month.partition_name, tell)
        tell(month.partition_name, "removing", exported.tally.rows, exported.tally.rows)
        _remove(connection, exported, month)
    except psycopg.Error as error:
        if connection.broken or error.sqlstate is None:
            raise
        states = {"MM151": "changed", "MM156": "changed", **dict.fromkeys(IN_USE, "in use")}
        mark(month, states.get(error.sqlstate, "failed"), str(error.diag.message_primary))
        return True
    except MoadbError as error:
        mark(month, "failed", error.message + (f" ({error.hint})" if error.hint else ""))
        return exported is None
    mark(month, "archived")
    return True


def _export(connection: Connection, path: Path, month: Outcome, tell: Progress) -> Exported:
    """Write a partition's rows, of one snapshot, into a local file."""
    with transaction(connection, psycopg.IsolationLevel.REPEATABLE_READ):
        row = connection.execute(
            """
            select o.lines, o.columns, o.rows, o.checksum, o.exported_at
            from marketing.open_export(%s, %s) as o
            """,
            [month.table_name, month.date_from],
        ).fetchone()
        assert row is not None
        cursor, terms, rows, checksum, exported_at = row
        columns = columns_of(terms)
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
        return Exported(path, columns, Tally(rows, int(checksum)), month.bytes, sha256_of(file), exported_at)


def _store(storage: Storage, exported: Exported, month: Outcome, tell: Progress) -> str:
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
    storage.put(manifest_of(name), (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    verify_manifest(manifest_of(url), exported)
    return url


def _remove(connection: Connection, exported: Exported, month: Outcome) -> None:
    """Take the rows out of the database; a month that is in use is waited for, not for long."""
    for left in reversed(range(_TRIES)):
        try:
            with transaction(connection, psycopg.IsolationLevel.READ_COMMITTED):
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
            if error.sqlstate not in IN_USE or not left:
                raise
            time.sleep(0.5)
        else:
            return
