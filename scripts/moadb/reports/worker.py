"""The worker: takes a report on lease, makes its files, puts them into a storage, and says so.

Any number of workers may run. Each attempt writes files of its own names, and only those that the database was told of,
by the one who has the lease, are the report's: a worker that was believed dead finds its lease gone and takes its files
away. A worker that dies leaves at most files that nobody names; whoever makes the report next removes them.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from types import ModuleType
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

from moadb.connection import connect, connect_deployed
from moadb.errors import Exit, MoadbError
from moadb.reports import figures, pdf, xlsx
from moadb.reports.needs import needed
from moadb.storage import Storage, open_storage

log = logging.getLogger("moadb.reports")

_WRITERS: dict[str, ModuleType] = {"xlsx": xlsx, "pdf": pdf}
_GONE = ("MP058", "MM133", "MM134")  # somebody else has the lease or has completed it, or it was cancelled
_LONGEST = 400  # an address: file_url has 500 characters, and a file's name is of some use in it


@dataclass(frozen=True)
class Made:
    """What became of a claimed report.

    Args:
        report_id: the report.
        attempt: which one it was.
        status: completed; failed: given up; pending: it is tried again later; lost: another worker has it, or it was
            cancelled.
        files: its files, as in marketing.reports.
        error: why it is not completed, as its user reads it.
    """

    report_id: int
    attempt: int
    status: str
    files: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None


@dataclass(frozen=True)
class _Claim:
    report_id: int
    task_id: int
    token: str
    attempt: int
    file_name: str


class _LostError(Exception):
    """The report is no longer this worker's."""


def run_reports(
    dsn: str,
    to: str,
    *,
    once: bool = False,
    lease: float = 120.0,
    poll: float = 5.0,
    stop: threading.Event | None = None,
    told: Callable[[Made], None] | None = None,
    began: Callable[[int], None] | None = None,
) -> list[Made]:
    """Make the reports that are asked for, until `stop` is set; the one that is being made is finished.

    Args:
        dsn: the database; the role must be a member of marketing_admin.
        to: where the files go: a directory, s3://bucket/prefix or gs://bucket/prefix.
        once: end when there is none to be made.
        lease: seconds after which a worker that is not heard of has lost its report; it is extended while it works.
        poll: seconds between two looks when there is nothing to be made.
        stop: set it to end.
        told: called with each report that is over.
        began: called with the id of each report that is begun.

    Returns:
        With `once`, what became of the reports; else nothing, as there is no end to them.

    Raises:
        MoadbError: what writes the files is not installed, the storage is no storage, the database cannot be reached
            at the start, or has no system marketing.
    """
    with needed():
        import_module("reportlab")
        import_module("xlsxwriter")
    storage = open_storage(to)
    if len(storage.url) > _LONGEST:
        raise MoadbError(
            f"{storage.url} is too long an address: it has {len(storage.url)} characters",
            hint=f"{_LONGEST} at most; in an address a letter of a folder's name may take as many as nine",
            exit_code=Exit.USAGE,
        )
    stop = stop or threading.Event()
    made: list[Made] = []
    connected = False
    while not stop.is_set():
        try:
            claim = _claim(dsn, lease)
            connected = True
            if claim is not None:
                if began is not None:
                    began(claim.report_id)
                one = _make(dsn, storage, claim, lease)
                if told is not None:
                    told(one)
                if once:
                    made.append(one)
                continue
        except (psycopg.OperationalError, MoadbError) as error:
            # a restart of the server is a matter of time; what was claimed is claimed again
            if once or not connected:
                raise
            log.warning("%s; trying again", str(error).strip())
        if once:
            break
        stop.wait(poll)
    return made


def _claim(dsn: str, lease: float) -> _Claim | None:
    with connect_deployed(dsn, application_name="moadb reports run", system="marketing") as connection:
        row = connection.execute(
            "select c.report_id, c.task_id, c.lease_token, c.attempt, c.file_name "
            "from marketing.claim_report(%s, %s) as c",
            [timedelta(seconds=lease), f"{socket.gethostname()}:{os.getpid()}"],
        ).fetchone()
    return None if row is None else _Claim(row[0], row[1], str(row[2]), row[3], row[4])


def _make(dsn: str, storage: Storage, claim: _Claim, lease: float) -> Made:
    stored: list[str] = []
    try:
        with _extended(dsn, claim, lease) as is_lost:
            text = _read(dsn, claim.report_id)
            files = list(_store(storage, claim, text, stored, is_lost))
            _tell(dsn, "select marketing.complete_report(%s, %s, %s)", claim, Jsonb(files))
    except _LostError:
        _take_away(storage, stored)
        return Made(claim.report_id, claim.attempt, "lost", error="another worker has it, or it was cancelled")
    except Exception as error:
        if _is_cut_off(error):
            raise
        _take_away(storage, stored)
        return _failed(dsn, claim, error)
    try:  # what earlier attempts have left
        storage.clear(claim.file_name.rpartition("/")[0], keep=stored)
    except MoadbError as error:
        log.warning("what earlier attempts may have left is not removed: %s", error.message)
    return Made(claim.report_id, claim.attempt, "completed", files)


def _read(dsn: str, report_id: int) -> str:
    """Return the report's data as JSON text, of one snapshot."""
    with connect(dsn, application_name="moadb reports run", autocommit=False) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("select marketing.report_data(%s)::text", [report_id]).fetchone()
        assert row is not None
        return str(row[0])


def _store(
    storage: Storage, claim: _Claim, text: str, stored: list[str], is_lost: threading.Event
) -> Iterator[dict[str, Any]]:
    """Make the files and put them where they belong; each is described, and its name is noted before it is there."""
    document = figures.read(text)
    for kind in document.formats:
        content: bytes = _WRITERS[kind].write(document)
        if is_lost.is_set():
            raise _LostError
        name = f"{claim.file_name}.{kind}"
        stored.append(name)
        url = storage.put(name, content)
        yield {"format": kind, "url": url, "bytes": len(content), "sha256": sha256(content).hexdigest()}


def _take_away(storage: Storage, names: list[str]) -> None:
    for name in names:
        try:
            storage.delete(name)
        except MoadbError as error:
            log.warning("%s is nobody's and stays: %s", storage.url_of(name), error.message)


def _is_cut_off(error: Exception) -> bool:
    """Return whether there is no database to be told of it: the server ends, or cannot be heard."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "57P")[:3] in ("57P", "080")


def _failed(dsn: str, claim: _Claim, error: Exception) -> Made:
    """Say that the report could not be made, in words for its user; what is ours to mend goes to the log."""
    final = False
    if isinstance(error, MoadbError):
        reason = error.message
    elif isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith("M"):
        reason = error.diag.message_primary or str(error)
        final = True  # the figures refuse what was asked for, and will again
    else:
        reason = "it could not be made; the operator's log says why"
    if isinstance(error, MoadbError | psycopg.Error):
        log.error("report %s: %s", claim.report_id, str(error).strip())
    else:
        log.error("report %s: %s", claim.report_id, reason, exc_info=error)
    try:
        again = _tell(dsn, "select marketing.fail_report(%s, %s, %s, %s)", claim, reason, final)
    except _LostError:
        return Made(claim.report_id, claim.attempt, "lost", error=reason)
    return Made(claim.report_id, claim.attempt, "failed" if again is None else "pending", error=reason)


def _tell(dsn: str, query: str, claim: _Claim, *values: Any) -> Any:
    with connect(dsn, application_name="moadb reports run") as connection:
        try:
            row = connection.execute(query, [claim.task_id, claim.token, *values]).fetchone()
        except psycopg.Error as error:
            if error.sqlstate in _GONE:
                raise _LostError from None
            raise
    return None if row is None else row[0]


@contextmanager
def _extended(dsn: str, claim: _Claim, lease: float) -> Iterator[threading.Event]:
    """Hold the lease while the block works; yield what is set once it is lost."""
    over, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not over.wait(lease / 3):
            try:
                _tell(dsn, "select platform.extend_task(%s, %s, %s)", claim, timedelta(seconds=lease))
            except _LostError:
                lost.set()
                return
            except (psycopg.Error, MoadbError) as error:
                log.warning("the lease of report %s is not extended: %s", claim.report_id, str(error).strip())

    thread = threading.Thread(target=beat, name=f"lease of report {claim.report_id}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join()
