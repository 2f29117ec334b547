"""Importing files of metrics: read by COPY into a table of their own, loaded from there in slices.

Nothing is lost and nothing doubled: every row that was read is inserted, changed, unchanged, stale, summed into another
one or rejected, and whoever runs the same file again finds its rows unchanged.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from moadb.connection import Connection, connect_deployed
from moadb.errors import Exit, MoadbError, Refused
from moadb.imports import columns
from moadb.imports.plain import Lines, lines_of
from moadb.imports.reading import NoBlocks, Record, Source, UnclosedQuote, open_source
from moadb.imports.rejects import Rejects
from moadb.imports.rows import COLUMNS, DUPLICATES, TOTALS, Account, Reader, Rejected, account_of

__all__ = ["Imported", "Options", "import_metrics"]

TARGETS = tuple(columns.ALIASES)
_CHUNK = 1 << 16  # characters that are sent to COPY at once
_LARGE = 4 << 20  # bytes of a file that is worth several connections
_UNLIKE = 64  # blocks that are kept because they have to be read cell by cell
_LOCK = "marketing.import"  # advisory lock: one importer for a file at a time
_REPEATED = "MM036"  # two rows of a slice are for the same campaign, day and hour
_LOCK_WAIT = 10.0  # seconds; the server notices only then that an importer that was killed is gone


@dataclass(frozen=True)
class Options:
    """How a file is read and loaded.

    Args:
        account: PLATFORM:ID of the ad account that all rows are of; None: columns say it.
        currency: of the account; what is known of it must be the same.
        time_zone: of the account's days; likewise.
        connect: id or name of a workspace: the account is made, if it is not there, and connected with it.
        mapped: what it is (TARGETS) -> name of the column.
        given: what it is -> the same value for all rows.
        date_format: how days are written.
        decimal_comma: whether 1.234,56 is twelve hundred and a bit.
        encoding: of the file; None: found out.
        delimiter: between cells; None: found out.
        summed: whether rows of one campaign, day and hour are added up; else they are rejected.
        snapshot_at: as of when the rows are; None: when the file was last changed.
        batch: rows in one transaction, about: whole campaigns.
        jobs: connections that load at the same time.
        rejects: where rejected rows go; None: beside the file.
        resume: whether to go on where an earlier import of the same file stopped.
        dry_run: whether to leave everything as it was.
    """

    account: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    connect: str | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    date_format: str | None = None
    decimal_comma: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    summed: bool = False
    snapshot_at: datetime | None = None
    batch: int = 250_000
    jobs: int = 2
    rejects: Path | None = None
    resume: bool = False
    dry_run: bool = False


@dataclass
class Imported:
    """What an import did. read = inserted + changed + unchanged + stale + summed + rejected, but of a dry run."""

    file: str
    import_id: int | None = None
    encoding: str = ""
    columns: dict[str, str] = field(default_factory=dict)  # what it is -> name of the column
    read: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: int = 0
    summed: int = 0
    rejected: int = 0
    totals: int = 0  # of the rejected rows, those that are totals of others
    rejects: str | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False
    resumed: bool = False
    seconds: float = 0.0


Progress = Callable[[str, int, int], None]  # what is done ("reading", "loading"), how far, of how much


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
    tell = progress or (lambda step, done, total: None)
    account = account_of(options.account) if options.account else None
    source = open_source(
        path,
        options.mapped,
        given=frozenset(options.given),
        has_account=account is not None,
        encoding=options.encoding,
        delimiter=options.delimiter,
    )
    result = Imported(path.name, encoding=source.encoding, dry_run=options.dry_run)
    result.columns = {target: source.header[place] for target, place in source.found.columns.items()}
    with connect_deployed(dsn, application_name="moadb import", autocommit=False) as connection:
        if connection.execute("select to_regclass('marketing.imports')").fetchone() == (None,):
            raise MoadbError("system marketing is not deployed here", hint="moadb migrate --systems marketing")
        connection.commit()
        digest = _digest(source, options)
        with _only_importer(connection, digest, path):
            import_id = _resume(connection, digest) if options.resume and not options.dry_run else None
            if import_id is None:
                import_id = _read(dsn, connection, source, options, account, digest, result, tell)
            else:
                result.resumed = True
            result.import_id = import_id
            if not options.dry_run:
                try:
                    _load(dsn, connection, import_id, options.jobs, tell)
                except psycopg.Error as error:
                    if error.sqlstate != _REPEATED:
                        raise
                    before = _total(connection, import_id)
                    import_id = _stage_file(connection, source, options, account, digest, result, tell, as_it_is=False)
                    _load(dsn, connection, import_id, options.jobs, tell)
                    result.import_id, result.resumed = import_id, False
                    result.inserted, result.changed = before.inserted, before.changed
                    result.unchanged = -before.inserted - before.changed  # they are met again
                total = _total(connection, import_id)
                _check_total(import_id, total)
                result.read, result.summed, result.rejected = total.read, total.summed, total.rejected
                result.inserted += total.inserted
                result.changed += total.changed
                result.unchanged += total.unchanged
                result.stale = total.stale
                connection.execute("select marketing.import_close(%s)", [import_id])
                connection.commit()
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _digest(source: Source, options: Options) -> bytes:
    """Return what tells this import from others: the file, and how it is read."""
    how = [
        options.account, dict(options.mapped), dict(options.given), options.date_format, options.decimal_comma,
        source.encoding,
        source.delimiter, options.summed, options.snapshot_at,
    ]  # fmt: skip
    return hashlib.sha256(source.sha256 + json.dumps(how, default=str, sort_keys=True).encode()).digest()


@contextmanager
def _only_importer(connection: Connection, digest: bytes, path: Path) -> Iterator[None]:
    key = int.from_bytes(digest[:4], "big", signed=True)
    deadline = time.monotonic() + _LOCK_WAIT
    while connection.execute("select pg_try_advisory_lock(hashtext(%s), %s)", [_LOCK, key]).fetchone() != (True,):
        connection.rollback()
        if time.monotonic() > deadline:
            raise Refused(f"{path.name} is being imported by somebody else", hint="wait for its end, then run it again")
        time.sleep(0.25)
    connection.commit()
    try:
        yield
    finally:
        with suppress(psycopg.Error):  # the connection may be what has failed; the lock goes with it
            connection.rollback()
            connection.execute("select pg_advisory_unlock(hashtext(%s), %s)", [_LOCK, key])
            connection.commit()


def _resume(connection: Connection, digest: bytes) -> int | None:
    row = connection.execute("select marketing.import_resume(%s)", [digest]).fetchone()
    connection.commit()
    return None if row is None or row[0] is None else int(row[0])


class _LinesWanted(Exception):
    """Rows that were copied as they are have to be told by their lines, or are not what they looked like."""


def _read(
    dsn: str,
    connection: Connection,
    source: Source,
    options: Options,
    account: Account | None,
    digest: bytes,
    result: Imported,
    tell: Progress,
) -> int:
    """Read the file into a table; cell by cell where it has to be."""
    if options.jobs > 1 and source.size >= _LARGE and not options.dry_run and not options.connect:
        with suppress(_LinesWanted, NoBlocks, psycopg.DataError, psycopg.IntegrityError):
            return _stage_file(connection, source, options, account, digest, result, tell, as_it_is=True, dsn=dsn)
        connection.rollback()
    with suppress(_LinesWanted, NoBlocks, psycopg.DataError, psycopg.IntegrityError):
        return _stage_file(connection, source, options, account, digest, result, tell, as_it_is=True)
    connection.rollback()
    return _stage_file(connection, source, options, account, digest, result, tell, as_it_is=False)


def _stage_file(
    connection: Connection,
    source: Source,
    options: Options,
    account: Account | None,
    digest: bytes,
    result: Imported,
    tell: Progress,
    *,
    as_it_is: bool,
    dsn: str | None = None,
) -> int:
    """Copy the rows into a table and cut it into slices: one transaction, so that a failure leaves nothing behind.

    With a dsn, several connections copy, if the lines can be copied as they are. The table has to be committed before,
    so a failure ends the import, and who is killed leaves it to the next one, or to marketing.prune_imports.
    """
    currency = _account(connection, source, options, account)
    reader = Reader(
        source,
        account=account,
        currency=currency,
        given=options.given,
        date_format=options.date_format,
        decimal_mark="," if options.decimal_comma else ".",
    )
    plain = lines_of(source, reader) if as_it_is else None
    if dsn is not None and plain is None:
        raise _LinesWanted
    begun: list[int] = []

    def progress() -> None:
        tell("reading", source.position, source.size)

    with _abandoning(connection, begun), Rejects(options.rejects, source, options.dry_run) as rejects:
        row = connection.execute(
            "select i.* from marketing.import_open(%s, %s, %s, %s, %s, %s) as i",
            [
                source.path.name,
                digest,
                options.snapshot_at or _changed_at(source.path),
                account.platform if account else None,
                account.id if account else None,
                plain.spare if plain else 0,
            ],
        ).fetchone()
        assert row is not None
        import_id, table = int(row[0]), sql.Identifier(*str(row[1]).split("."))
        if plain is None:
            _copy_rows(connection, table, source.records(), reader, rejects, progress)
        elif dsn is None:
            _copy_blocks(connection, table, source, plain, reader, rejects, progress)
        else:
            connection.commit()
            begun.append(import_id)
            unlike = _copy_at_once(dsn, options.jobs, table, source, plain, reader, tell)
            records = itertools.chain.from_iterable(source.rows_of(line, block) for line, block in unlike)
            try:
                _copy_rows(connection, table, records, reader, rejects, progress)
            except UnclosedQuote:
                raise _LinesWanted from None
        tell("reading", source.size, source.size)
        _check_currencies(connection, source, reader)
        result.read = reader.read
        slices = -(-reader.read // max(options.batch, 1))
        if reader.read > 20_000:  # the same for each connection
            slices = -(-slices // options.jobs) * options.jobs
        taken = _stage(
            connection, import_id, reader.read, options.summed, slices, check_copies=plain is None or options.dry_run
        )
        if None in taken:
            raise _LinesWanted
        _reject_taken(source, taken, rejects)
        if options.dry_run:
            connection.rollback()
        else:
            connection.commit()
    result.rejected, result.totals = rejects.count, rejects.reasons[TOTALS]
    result.reasons = dict(rejects.reasons.most_common())
    result.rejects = str(rejects.path) if rejects.count else None
    result.notes = _notes(source, reader, rejects, options)
    return import_id


def _copy_rows(
    connection: Connection,
    table: sql.Identifier,
    records: Iterable[Record],
    reader: Reader,
    rejects: Rejects,
    tell: Callable[[], None],
) -> None:
    """Copy rows that are read cell by cell."""
    with connection.cursor() as cursor, cursor.copy(_copy_of(table, COLUMNS)) as stream:
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
                tell()
        stream.write("".join(lines))


def _copy_blocks(
    connection: Connection,
    table: sql.Identifier,
    source: Source,
    plain: Lines,
    reader: Reader,
    rejects: Rejects,
    tell: Callable[[], None],
) -> None:
    """Copy blocks of a file as they are, and read those cell by cell that cannot be."""
    copy = _copy_of(table, plain.columns) + sql.SQL(" with (format csv, delimiter {})").format(
        sql.Literal(source.delimiter)
    )
    looked = ((line, block, plain.count(block)) for line, block in source.blocks())
    for is_plain, blocks in itertools.groupby(looked, lambda block: block[2] is not None):
        if not is_plain:
            rows = itertools.chain.from_iterable(source.rows_of(line, block) for line, block, _ in blocks)
            try:
                _copy_rows(connection, table, rows, reader, rejects, tell)
            except UnclosedQuote:  # of the file, or of where a block ends
                raise _LinesWanted from None
            continue
        with connection.cursor() as cursor, cursor.copy(copy) as stream:
            for _, block, count in blocks:
                stream.write(block)
                reader.read += count or 0
                tell()


def _copy_at_once(
    dsn: str, jobs: int, table: sql.Identifier, source: Source, plain: Lines, reader: Reader, tell: Progress
) -> list[tuple[int, bytes]]:
    """Copy the blocks of a file as they are over several connections; return those that cannot be, with their lines."""
    copy = _copy_of(table, plain.columns) + sql.SQL(" with (format csv, delimiter {})").format(
        sql.Literal(source.delimiter)
    )
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
        try:
            with (
                connect_deployed(dsn, application_name="moadb import", autocommit=False) as worker,
                worker.cursor() as cursor,
                cursor.copy(copy) as stream,
            ):
                while not stopped.is_set() and (block := following()) is not None:
                    stream.write(block)
        except BaseException:
            stopped.set()
            raise

    with ThreadPoolExecutor(jobs) as pool:
        pending: set[Future[None]] = {pool.submit(run) for _ in range(jobs)}
        try:
            while pending:
                finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                tell("reading", source.position, source.size)
                for future in finished:
                    future.result()
        finally:
            stopped.set()
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


def _copy_of(table: sql.Identifier, names: Sequence[str]) -> sql.Composed:
    return sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(map(sql.Identifier, names)))


def _stage(
    connection: Connection, import_id: int, read: int, summed: bool, slices: int, *, check_copies: bool
) -> dict[int | None, tuple[str, dict[str, Any]]]:
    try:
        rows = connection.execute(
            "select t.line, t.reason, t.detail from marketing.import_stage(%s, %s, %s, %s, %s) as t",
            [import_id, read, summed, slices, check_copies],
        ).fetchall()
    except psycopg.Error as error:
        if error.sqlstate != "MM056":
            raise
        accounts = json.loads(error.diag.message_detail or "{}").get("accounts", [])
        raise _unknown_account(accounts) from None
    return {line: (reason, detail) for line, reason, detail in rows}


def _unknown_account(accounts: list[str]) -> MoadbError:
    return MoadbError(
        f"ad account {', '.join(accounts)} is not known",
        hint=f"connect it on the way: --account {accounts[0]} --currency USD --time-zone America/New_York "
        "--connect WORKSPACE (its currency, the zone of its days, id or name of the workspace)",
    )


def _reject_taken(source: Source, taken: dict[int | None, tuple[str, dict[str, Any]]], rejects: Rejects) -> None:
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


def _account(connection: Connection, source: Source, options: Options, account: Account | None) -> str | None:
    """Return the account's currency; connect it, if that is asked for; refuse what is known to be otherwise."""
    told = {columns.unit(name) for name in source.header} - {None}
    if account is None:
        if options.currency or options.time_zone or options.connect:
            raise MoadbError(
                "--currency, --time-zone and --connect are of one account",
                hint="--account PLATFORM:ID",
                exit_code=Exit.USAGE,
            )
        return None
    try:
        row = connection.execute(
            "select a.currency, a.time_zone, a.currencies from marketing.import_account(%s, %s, %s, %s, %s) as a",
            [account.platform, account.id, options.connect, options.currency, options.time_zone],
        ).fetchone()
    except psycopg.Error as error:
        if error.sqlstate == "MM004":
            raise MoadbError(
                f"ad account {account.platform}:{account.id} is new", hint="say its --currency and its --time-zone"
            ) from None
        if error.sqlstate == "MM059":
            known = json.loads(error.diag.message_detail or "{}").get("known")
            raise MoadbError(
                str(error.diag.message_primary),
                hint=f"--account {account.platform}:{known}; if yours is another, connect it with "
                "marketing.connect_account before",
                exit_code=Exit.USAGE,
            ) from None
        if error.sqlstate == "MM014":
            raise MoadbError(
                f"there is no platform {account.platform}",
                hint="marketing.v_platforms lists them; "
                f"select marketing.define_platform('{account.platform}', 'NAME') adds this one",
                exit_code=Exit.USAGE,
            ) from None
        if error.sqlstate == "MM058":
            raise MoadbError(
                str(error.diag.message_primary),
                hint="give its id; select marketing.create_workspace('NAME', 'Asia/Seoul', 'KRW') makes one",
                exit_code=Exit.USAGE,
            ) from None
        raise
    if row is None:
        raise _unknown_account([f"{account.platform}:{account.id}"])
    known = {"currency": row[0], "time zone": row[1]}
    for what, given in (("currency", options.currency), ("time zone", options.time_zone)):
        if given is not None and given != known[what]:
            raise MoadbError(f"ad account {account.platform}:{account.id} has the {what} {known[what]}, not {given}")
    other = told & set(row[2]) - {row[0]}
    if other:
        raise MoadbError(
            f"{source.path.name} has amounts in {', '.join(sorted(map(str, other)))}, and ad account "
            f"{account.platform}:{account.id} is in {row[0]}",
            hint="is it the right account?",
        )
    return str(row[0])


def _check_currencies(connection: Connection, source: Source, reader: Reader) -> None:
    """Refuse a file whose rows name their accounts, and other currencies than these have."""
    for (account, currency), line in reader.told.items():
        row = connection.execute(
            "select a.currency from marketing.import_account(%s, %s) as a", [account.platform, account.id]
        ).fetchone()
        if row is not None and row[0] != currency:
            raise MoadbError(
                f"{source.path.name}, line {line}: the row is in {currency}, and ad account "
                f"{account.platform}:{account.id} is in {row[0]}",
                hint="is it the right account?",
            )


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)


def _load(dsn: str, connection: Connection, import_id: int, jobs: int, tell: Progress) -> None:
    """Load the slices that are not loaded yet, each in a transaction of its own."""
    rows = connection.execute(
        "select p.slice, p.rows, p.loaded_at is not null from marketing.import_progress(%s) as p "
        "where p.slice is not null",
        [import_id],
    ).fetchall()
    connection.commit()
    total, done = sum(count for _, count, _ in rows), sum(count for _, count, is_loaded in rows if is_loaded)
    waiting = [(number, count) for number, count, is_loaded in rows if not is_loaded]
    tell("loading", done, total)
    workers = max(1, min(jobs, len(waiting)))
    queue = iter(waiting)
    guard, stopped = threading.Lock(), threading.Event()

    def work() -> Iterator[int]:
        with connect_deployed(dsn, application_name="moadb import") as worker:
            while not stopped.is_set():
                with guard:
                    number, count = next(queue, (None, 0))
                if number is None:
                    return
                worker.execute("select from marketing.import_load(%s, %s)", [import_id, number])
                yield count

    def run(loaded: list[int]) -> None:
        for count in work():
            loaded.append(count)

    if not waiting:
        return
    loaded: list[int] = []
    with ThreadPoolExecutor(workers) as pool:
        pending: set[Future[None]] = {pool.submit(run, loaded) for _ in range(workers)}
        try:
            while pending:
                finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                tell("loading", done + sum(loaded), total)
                for future in finished:
                    future.result()
        finally:
            stopped.set()


@dataclass(frozen=True)
class _Total:
    """What became of the rows of an import so far."""

    read: int
    staged: int
    summed: int
    inserted: int
    changed: int
    unchanged: int
    stale: int

    @property
    def rejected(self) -> int:
        """Return how many rows were not staged."""
        return self.read - self.staged


def _total(connection: Connection, import_id: int) -> _Total:
    connection.rollback()
    row = connection.execute(
        """
        select
          max(p.read_rows), max(p.staged_rows), max(p.summed_rows), coalesce(sum(p.inserted), 0),
          coalesce(sum(p.changed), 0), coalesce(sum(p.unchanged), 0), coalesce(sum(p.stale), 0)
        from marketing.import_progress(%s) as p
        """,
        [import_id],
    ).fetchone()
    connection.commit()
    assert row is not None
    return _Total(*map(int, row))


def _check_total(import_id: int, total: _Total) -> None:
    """Count what became of the rows; a sum that is not what was read is a defect, and is told."""
    there = total.inserted + total.changed + total.unchanged + total.stale + total.summed
    if there != total.staged:
        raise MoadbError(f"import {import_id} has {total.staged} rows, and {there} of them are accounted for")


def _notes(source: Source, reader: Reader, rejects: Rejects, options: Options) -> list[str]:
    found = source.found
    notes = [
        f"{target} is read from {source.header[found.columns[target]]!r}, "
        f"not from {', '.join(map(repr, others))} (--map)"
        for target, others in found.rivals.items()
    ]
    if source.guess:
        notes.append(f"the encoding is guessed: is {source.guess!r} right? (--encoding)")
    if found.unused:
        notes.append(f"not used: {', '.join(map(repr, found.unused))}")
    if reader.empty:
        cells = ", ".join(f"{name!r} {count}" for name, count in reader.empty.items())
        notes.append(f"empty cells that count as 0: {cells}")
    if len(reader.kinds) > 1:
        rare, usual = sorted(reader.kinds.values())
        notes.append(
            f"campaign ids are of two kinds: {usual[2]!r} and the like in {usual[0]} rows, "
            f"{rare[2]!r} (line {rare[1]}) and the like in {rare[0]}; are columns shifted there?"
        )
    if "campaign_id" not in found.columns and "campaign_id" not in options.given:
        notes.append("there is no column of campaign ids: their names are taken for ids")
    if duplicates := rejects.reasons[DUPLICATES]:
        notes.append(
            f"{duplicates} rows share their campaign, day and hour with others and were not loaded: "
            "are they ads, groups or devices of a campaign? --sum adds them up"
        )
    return notes
