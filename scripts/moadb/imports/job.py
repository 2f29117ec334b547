"""What is asked of an import, what it needs while it runs, and what it tells at its end."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from moadb.connection import Connection
from moadb.imports.reading import Source
from moadb.imports.rows import Account

Progress = Callable[[str, int, int], None]  # what is done ("reading", "loading"), how far, of how much


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


@dataclass(frozen=True)
class Job:
    """An import that is under way.

    Args:
        dsn: the database, for further connections.
        connection: the one that reads the file into a table.
        source: the file.
        options: how it is imported.
        account: whose its rows are; None: columns say it.
        tell: is told how far it is.
    """

    dsn: str
    connection: Connection
    source: Source
    options: Options
    account: Account | None
    tell: Progress

    @cached_property
    def digest(self) -> bytes:
        """Return what tells this import from others: the file, and how it is read."""
        options, source = self.options, self.source
        read = [source.encoding, source.delimiter, options.date_format, options.decimal_comma]
        told = [options.account, dict(options.mapped), dict(options.given), options.summed, options.snapshot_at]
        return hashlib.sha256(source.sha256 + json.dumps([read, told], default=str, sort_keys=True).encode()).digest()


def in_threads(count: int, run: Callable[[], None], stopped: threading.Event, tell: Callable[[], None]) -> None:
    """Do the same in several threads, until all have come to an end or one has failed.

    Args:
        count: how many; none for 0.
        run: what they do; it ends soon when stopped is set.
        stopped: is set when one has failed.
        tell: is called again and again meanwhile.
    """
    tell()
    with ThreadPoolExecutor(max(count, 1)) as pool:
        pending: set[Future[None]] = {pool.submit(run) for _ in range(count)}
        try:
            while pending:
                finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                tell()
                for future in finished:
                    future.result()
        finally:
            stopped.set()
