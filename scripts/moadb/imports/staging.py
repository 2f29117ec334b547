"""From a file to the table of an import: lines are copied as they are where they can be, and read where not."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from moadb.connection import Connection, connect_deployed
from moadb.errors import MoadbError
from moadb.imports import accounts
from moadb.imports.job import Job, in_threads
from moadb.imports.plain import Lines, lines_of
from moadb.imports.reading import NoBlocks, Record, Source, UnclosedQuote
from moadb.imports.rejects import Rejects
from moadb.imports.rows import COLUMNS, DUPLICATES, Reader, Rejected
from moadb.imports.telling import told_of

_CHUNK = 1 << 16  # characters that are sent to COPY at once
_LARGE = 4 << 20  # bytes of a file that is worth several connections
_SMALL = 20_000  # rows that are not worth as many slices for each connection
_UNLIKE = 64  # blocks that are kept because they have to be read cell by cell

Taken = dict[int | None, tuple[str, dict[str, Any]]]  # line -> why the database has taken the row out, and more of it


@dataclass(frozen=True)
class Staged:
    """A file whose rows are in a table, and in slices."""

    import_id: int
    reader: Reader
    rejects: Rejects
    told: dict[str, Any]  # at the end of the import


class _LinesWanted(Exception):
    """Rows that were copied as they are have to be told by their lines, or are not what they looked like."""


# What says that a file has to be read by cells; a quote may be open at the end of the file, or only where a block ends.
_BY_CELLS = (_LinesWanted, NoBlocks, UnclosedQuote, psycopg.DataError, psycopg.IntegrityError)


def stage(job: Job) -> Staged:
    """Read the file into a table; cell by cell where it has to be."""
    several = job.options.jobs > 1 and job.source.size >= _LARGE and not job.options.dry_run and not job.options.connect
    for connections in (job.options.jobs, 1) if several else (1,):
        with suppress(*_BY_CELLS):
            return _stage_as_it_is(job, connections)
        job.connection.rollback()
    return stage_by_cells(job)


def stage_by_cells(job: Job) -> Staged:
    """Read each cell of the file into a table: one transaction, so that a failure leaves nothing behind."""
    reader = _reader(job)
    with Rejects(job.options.rejects, job.source, job.options.dry_run) as rejects:
        import_id, table = _open(job, spare=0)
        _copy_rows(job, table, job.source.records(), reader, rejects)
        told = _end(job, import_id, reader, rejects, check_copies=True)
    return Staged(import_id, reader, rejects, told)


def _stage_as_it_is(job: Job, connections: int) -> Staged:
    """Copy the lines of the file as they are, but for those that have to be read.

    With several connections the table has to be committed before, so a failure ends the import, and who is killed
    leaves it to the next one, or to marketing.prune_imports.

    Raises:
        Exception: one of _BY_CELLS.
    """
    reader = _reader(job)
    plain = lines_of(job.source, reader)
    if plain is None:
        raise _LinesWanted
    begun: list[int] = []
    with _abandoning(job.connection, begun), Rejects(job.options.rejects, job.source, job.options.dry_run) as rejects:
        import_id, table = _open(job, plain.spare)
        if connections == 1:
            _copy_blocks(job, table, plain, reader, rejects)
        else:
            job.connection.commit()
            begun.append(import_id)
            unlike = _copy_at_once(job, table, plain, reader)
            records = itertools.chain.from_iterable(job.source.rows_of(line, block) for line, block in unlike)
            _copy_rows(job, table, records, reader, rejects)
        told = _end(job, import_id, reader, rejects, check_copies=job.options.dry_run)
    return Staged(import_id, reader, rejects, told)


def _reader(job: Job) -> Reader:
    """Return what reads the cells; the account is connected, if that is asked for."""
    return Reader(
        job.source,
        account=job.account,
        currency=accounts.currency_of(job),
        given=job.options.given,
        date_format=job.options.date_format,
        decimal_mark="," if job.options.decimal_comma else ".",
    )


def _open(job: Job, spare: int) -> tuple[int, sql.Identifier]:
    """Make the table; return the import and the table's name.

    Args:
        job: the import.
        spare: how many columns of the file are not wanted, and are copied all the same.
    """
    changed_at = datetime.fromtimestamp(job.source.path.stat().st_mtime, timezone.utc)
    row = job.connection.execute(
        "select i.* from marketing.import_open(%s, %s, %s, %s, %s, %s) as i",
        [
            job.source.path.name,
            job.digest,
            job.options.snapshot_at or changed_at,
            job.account.platform if job.account else None,
            job.account.id if job.account else None,
            spare,
        ],
    ).fetchone()
    assert row is not None
    return int(row[0]), sql.Identifier(*str(row[1]).split("."))


def _end(job: Job, import_id: int, reader: Reader, rejects: Rejects, *, check_copies: bool) -> dict[str, Any]:
    """Cut the table into slices, and reject what must not be loaded; return what is to be told of the file.

    From the commit on another importer may go on: by then what is rejected is in its file, and why in the database.
    """
    job.tell("reading", job.source.size, job.source.size)
    accounts.check_currencies(job, reader.told)
    slices = -(-reader.read // job.options.batch)
    if reader.read > _SMALL:  # the same for each connection
        slices = -(-slices // job.options.jobs) * job.options.jobs
    try:
        rows = job.connection.execute(
            "select t.line, t.reason, t.detail from marketing.import_stage(%s, %s, %s, %s, %s) as t",
            [import_id, reader.read, job.options.summed, slices, check_copies],
        ).fetchall()
    except psycopg.Error as error:
        detail = json.loads(error.diag.message_detail or "{}") if error.sqlstate in ("MM056", "MM060") else {}
        if error.sqlstate == "MM056":
            raise accounts.unknown_accounts(detail["accounts"]) from None
        if error.sqlstate == "MM060":
            raise MoadbError(
                f"several campaigns are named {detail['campaign']!r}: {', '.join(detail['ids'])}",
                hint="export the file with a column of campaign ids",
            ) from None
        raise
    taken = {line: (reason, detail) for line, reason, detail in rows}
    if None in taken:
        raise _LinesWanted
    _reject_taken(job.source, taken, rejects)
    rejects.close()
    told = told_of(job, reader, rejects)
    job.connection.execute("select marketing.import_tell(%s, %s)", [import_id, Jsonb(told)])
    if job.options.dry_run:
        job.connection.rollback()
    else:
        job.connection.commit()
    return told


def _copy_rows(job: Job, table: sql.Identifier, records: Iterable[Record], reader: Reader, rejects: Rejects) -> None:
    """Copy rows that are read cell by cell."""
    with job.connection.cursor() as cursor, cursor.copy(_copy_of(table, COLUMNS)) as stream:
        lines: list[str] = []
        length = 0
        for record in records:
            line = reader(record)
            if isinstance(line, Rejected):
                rejects.add(line)
                continue
            lines.append(line)
            length += len(line)
            if length >= _CHUNK:
                stream.write("".join(lines))
                lines, length = [], 0
                job.tell("reading", job.source.position, job.source.size)
        stream.write("".join(lines))


def _copy_blocks(job: Job, table: sql.Identifier, plain: Lines, reader: Reader, rejects: Rejects) -> None:
    """Copy blocks of a file as they are, and read those cell by cell that cannot be."""
    source = job.source
    copy = _copy_of(table, plain.columns, source.delimiter)
    looked = ((line, block, plain.count(block)) for line, block in source.blocks())
    for is_plain, blocks in itertools.groupby(looked, lambda block: block[2] is not None):
        if not is_plain:
            rows = itertools.chain.from_iterable(source.rows_of(line, block) for line, block, _ in blocks)
            _copy_rows(job, table, rows, reader, rejects)
            continue
        with job.connection.cursor() as cursor, cursor.copy(copy) as stream:
            for _, block, count in blocks:
                stream.write(block)
                reader.read += count or 0
                job.tell("reading", source.position, source.size)


def _copy_at_once(job: Job, table: sql.Identifier, plain: Lines, reader: Reader) -> list[tuple[int, bytes]]:
    """Copy the blocks of a file as they are over several connections; return those that cannot be, with their lines."""
    source = job.source
    copy = _copy_of(table, plain.columns, source.delimiter)
    guard, stopped = threading.Lock(), threading.Event()
    blocks = source.blocks()
    unlike: list[tuple[int, bytes]] = []

    def following() -> bytes | None:
        with guard:
            for line, block in blocks:
                if (count := plain.count(block)) is not None:
                    reader.read += count
                    return block
                unlike.append((line, block))
                if len(unlike) > _UNLIKE:
                    raise _LinesWanted
            return None

    def run() -> None:
        with (
            connect_deployed(job.dsn, application_name="moadb import", autocommit=False) as worker,
            worker.cursor() as cursor,
            cursor.copy(copy) as stream,
        ):
            while not stopped.is_set() and (block := following()) is not None:
                stream.write(block)

    in_threads(job.options.jobs, run, stopped, lambda: job.tell("reading", source.position, source.size))
    return unlike


@contextmanager
def _abandoning(connection: Connection, begun: list[int]) -> Iterator[None]:
    """End imports that were committed, when what follows fails."""
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):  # the connection may be what has failed
            connection.rollback()
            for import_id in begun:
                connection.execute("select marketing.import_abandon(%s)", [import_id])
            connection.commit()
        raise


def _copy_of(table: sql.Identifier, names: Sequence[str], delimiter: str | None = None) -> sql.Composed:
    """Return the COPY of some columns: of a CSV file's lines when a delimiter is given, else in COPY's own form."""
    copy = sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(map(sql.Identifier, names)))
    return copy if delimiter is None else copy + sql.SQL(" with (format csv, delimiter {})").format(delimiter)


def _reject_taken(source: Source, taken: Taken, rejects: Rejects) -> None:
    """Reject the rows that the database has taken out; the file is read once more for what stands in them."""
    if not taken:
        return
    for record in source.records():
        if record.line in taken:
            rejects.add(_taken(source, record, *taken[record.line]))


def _taken(source: Source, record: Record, reason: str, detail: dict[str, Any]) -> Rejected:
    place = source.found.columns.get("clicks" if reason == "too_many_clicks" else "date")
    name, value = ("", "") if place is None else (source.header[place], record.cells[place])
    group = DUPLICATES if reason == "duplicate" else None
    if reason == "month_archived":
        text = f"its month is in the archive (`moadb archive restore {detail['date'][:7]}` brings it back)"
    elif reason == "day_to_come":
        text = "it is later than tomorrow"
    elif reason == "too_many_clicks":
        text = "a day with impressions has no more clicks than these"
    elif reason == "sum_too_large":
        text = "the sum of the rows for its campaign, day and hour is too large"
    else:
        hour = "" if detail["hour"] is None else f", hour {detail['hour']}"
        text = (
            f"one of {detail['rows']} rows for campaign {detail['campaign']}, {detail['date']}{hour}; "
            f"the first is line {detail['first_line']} (--sum adds them up)"
        )
    return Rejected(record.line, name, value, text, record.cells, group)
