"""The one connection that deploys: its settings, and the lock that keeps a second deployer out.

The lock belongs to the session that does the work, so it lives exactly as long as that work, even when the client is
dead. Whoever waits for it polls with nothing open: a session that *waits* in pg_advisory_lock() holds a snapshot, for
which the holder's `create index concurrently` would have to wait in turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from psycopg import errors, sql
from psycopg.pq import TransactionStatus

from moadb.connection import Connection, connect
from moadb.deploy import guards
from moadb.deploy.bootstrap import OWNER
from moadb.deploy.events import Event, Progress
from moadb.errors import Exit, MoadbError, Refused

LOCK = (0x6D6F6164, 1)  # "moad"; advisory locks belong to one database
_POLL = 0.2  # seconds between two tries
# What holds for whoever looks at the catalog, whatever is set for the role, the database or the server.
_COMMON = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    # in the catalog functions' output, names are qualified and quoted, and constants written, by these
    "search_path": "pg_catalog, pg_temp",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "timezone": "UTC",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


@dataclass(frozen=True)
class Holder:
    """The session that holds the deploy lock; `seconds` is its age, `query` what it runs or ran last, cut short."""

    pid: int
    application: str
    seconds: float
    query: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"server process {self.pid} ({self.application}, for {self.seconds:.0f} s): {self.query}"


@dataclass
class Session:
    """A connection that is fit to deploy.

    Args:
        connection: it, in autocommit.
        dsn: its address.
        settings: what is set before each file runs.
        progress: is told what happens.
    """

    connection: Connection
    dsn: str
    settings: dict[str, str]
    progress: Progress

    def refresh(self, *questions: str) -> tuple[Any, ...]:
        """Put the session into the state in which every file starts, whatever the file before it has set.

        Args:
            questions: SQL expressions whose values are asked for in the same message, and returned.
        """
        # in the same message as the reset, or what the database sets could end the session before the settings arrive
        message = f"reset session authorization; reset all; set role {OWNER}; {_setting(self.settings)}"
        cursor = self.connection.execute(message + ", ".join(("; select 0", *questions)))
        while cursor.nextset():
            pass
        row = cursor.fetchone()
        assert row is not None
        return row[1:]

    def apply_settings(self) -> None:
        """Set all parameters, in their order."""
        self.connection.execute(_setting(self.settings))


def _common(connection: Connection) -> dict[str, str]:
    """Return the settings of _COMMON, and what only newer servers have."""
    return {**_COMMON, **({"transaction_timeout": "0"} if connection.info.server_version >= 170000 else {})}


def _setting(settings: dict[str, str], *, local: bool = False) -> str:
    """Return the statement that sets these parameters, in their order."""
    return _set(tuple(settings.items()), local)


@cache
def _set(settings: tuple[tuple[str, str], ...], local: bool) -> str:
    calls = [sql.SQL("set_config({}, {}, {})").format(name, value, local).as_string(None) for name, value in settings]
    return "select " + ", ".join(calls)


def fit(connection: Connection) -> bool:
    """Say whether a connection takes statements; close it when an interruption has left one unfinished on it."""
    if not connection.closed and connection.info.transaction_status == TransactionStatus.ACTIVE:
        connection.close()  # nothing else can be sent, not even a rollback; the server rolls back
    return not connection.closed


@contextmanager
def open_session(dsn: str, *, lock_timeout: str, allow_pooler: bool, progress: Progress) -> Iterator[Session]:
    """Connect, refuse unfit servers, and set what holds for the whole deploy.

    Args:
        dsn: the database.
        lock_timeout: how long a statement may wait for a lock, as PostgreSQL writes it ("2s").
        allow_pooler: do not refuse a connection pooler.
        progress: is told what happens.

    Raises:
        MoadbError: no connection, or a lock_timeout that PostgreSQL cannot read.
        Refused: see `guards.check_server`.
    """
    connection = connect(dsn, application_name="moadb deploy")
    opened = Session(
        connection,
        dsn,
        {
            **_common(connection),
            "client_encoding": "UTF8",
            "default_transaction_isolation": "read committed",
            "lock_timeout": lock_timeout,
            # a client that vanished without a word holds the lock for half a minute, not for two hours
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "4",
            # routines may call one another in any order; effects.check_bodies looks when all of them are there
            "check_function_bodies": "off",
        },
        progress,
    )
    try:
        guards.check_server(opened.connection, allow_pooler=allow_pooler)
        try:
            opened.apply_settings()
        except errors.InvalidParameterValue as error:
            raise MoadbError(str(error.diag.message_primary), hint="--lock-timeout 2s", exit_code=Exit.USAGE) from None
        row = opened.connection.execute("select current_setting('lock_timeout')").fetchone()
        if row == ("0",):
            raise MoadbError(
                f"with a lock timeout of {lock_timeout} a deploy would wait for ever, and everybody else behind it",
                hint="--lock-timeout 2s",
                exit_code=Exit.USAGE,
            )
        with suppress(errors.InvalidParameterValue):  # the server's operating system may not be able to tell
            opened.connection.execute("set client_connection_check_interval = '1s'")
            opened.settings["client_connection_check_interval"] = "1s"
        yield opened
    finally:
        opened.connection.close()


def reconnect(opened: Session, *, wait: float) -> None:
    """Replace a connection that was lost, and take the deploy lock again; waits for a failover or restart to end.

    Args:
        opened: the session.
        wait: seconds to try for.

    Raises:
        MoadbError: there is no server to write to, or somebody else has the lock.
    """
    deadline = time.monotonic() + wait
    while True:
        opened.connection.close()  # the one that was lost, and then each that has reached a standby
        try:
            opened.connection = connect(opened.dsn, application_name="moadb deploy")
            guards.check_server(opened.connection, allow_pooler=True)
            break
        except MoadbError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_POLL)
    opened.apply_settings()
    take_lock(opened, wait=max(0.0, deadline - time.monotonic()))


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """Read the ledger and the catalog in one transaction, and leave no setting behind: there may be a pooler."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(_setting(_common(connection), local=True))
        yield


def holder(connection: Connection) -> Holder | None:
    """Return who holds this database's deploy lock."""
    row = connection.execute(
        """
        select l.pid, coalesce(nullif(a.application_name, ''), '?'),
               coalesce(extract(epoch from clock_timestamp() - a.backend_start), 0)::float8,
               coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200), '?')
        from pg_locks as l
        left join pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted
          and l.classid::bigint = %s and l.objid::bigint = %s and l.objsubid = 2
          and l.database = (select d.oid from pg_database as d where d.datname = current_database())
        """,
        LOCK,
    ).fetchone()
    return None if row is None else Holder(*row)


def take_lock(opened: Session, *, wait: float) -> None:
    """Take the deploy lock; the session's end gives it back.

    Args:
        opened: the session that is going to work.
        wait: seconds to wait for another deployer.

    Raises:
        Refused: somebody else still holds it.
    """
    deadline = time.monotonic() + wait
    told = 0
    while True:
        row = opened.connection.execute("select pg_try_advisory_lock(%s, %s)", LOCK).fetchone()
        if row is not None and row[0]:
            return
        current = holder(opened.connection)
        if current is not None and time.monotonic() >= deadline:
            raise Refused(
                f"another deploy is at work: {current}",
                hint=f"wait for it (--wait SECONDS), or end it: select pg_terminate_backend({current.pid})",
            )
        if current is not None and current.pid != told:
            opened.progress(Event("wait", text=f"waiting for another deploy: {current}"))
            told = current.pid
        time.sleep(_POLL)


def take_yoyo_lock(connection: Connection) -> None:
    """Put our row into yoyo's lock table, so that a plain `yoyo apply` waits for us.

    The row bears minus the server process id. One that is there already is left over from a deploy that died, because
    we hold the deploy lock.

    Raises:
        Refused: a plain yoyo holds it.
    """
    row = connection.execute(
        """
        insert into moadb.yoyo_lock as l (locked, ctime, pid)
        values (1, timezone('UTC', clock_timestamp()), -pg_backend_pid())
        on conflict (locked) do update set ctime = excluded.ctime, pid = excluded.pid where l.pid < 0
        returning l.pid
        """
    ).fetchone()
    if row is None:
        held = connection.execute("select l.pid, l.ctime from moadb.yoyo_lock as l").fetchone()
        pid, since = held or ("?", "?")
        raise Refused(
            f"yoyo (process {pid}) has locked this database since {since} UTC",
            hint="wait for it; if that process is dead, `yoyo break-lock` removes its lock",
        )


def release_yoyo_lock(connection: Connection) -> None:
    """Take our row out of yoyo's lock table."""
    connection.execute("delete from moadb.yoyo_lock where pid < 0")
