"""The one connection that deploys: its settings, and the lock that keeps a second deployer out.

The lock belongs to the session that does the work, so it lives exactly as long as that work, even when the client is dead. Whoever
waits for it polls with nothing open: a session that *waits* in pg_advisory_lock() holds a snapshot, for which the holder's
`create index concurrently` would wait in turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql

from moadb.connection import Connection, connect
from moadb.deploy import guards
from moadb.deploy.events import Event, Progress
from moadb.errors import Refused

LOCK = (0x6D6F6164, 1)  # "moad"; advisory locks belong to one database
_POLL = 0.2  # seconds between two tries


@dataclass(frozen=True)
class Holder:
    """The session that holds the deploy lock; `query` is null-safe text, cut to one line."""

    pid: int
    application: str
    seconds: float
    query: str

    def __str__(self) -> str:
        """One line for people."""
        return f"server process {self.pid} ({self.application}, for {self.seconds:.0f} s): {self.query}"


@dataclass
class Session:
    """A connection ready to deploy."""

    connection: Connection
    dsn: str
    settings: dict[str, str]
    progress: Progress

    def refresh(self) -> None:
        """Put the session into the state in which every file starts, whatever the file before it has set."""
        parts = [sql.SQL("reset all; set role moadb_owner")]
        parts += [sql.SQL("set {} = {}").format(sql.Identifier(k), sql.Literal(v)) for k, v in self.settings.items()]
        self.connection.execute(sql.SQL("; ").join(parts) + sql.SQL("; set search_path = pg_catalog, pg_temp"))


@contextmanager
def open_session(dsn: str, *, lock_timeout: str, allow_pooler: bool, progress: Progress) -> Iterator[Session]:
    """Connect, refuse unfit servers, and set what holds for the whole deploy.

    Args:
        dsn: the database.
        lock_timeout: how long a statement may wait for a lock, as PostgreSQL writes it ("2s").
        allow_pooler: do not refuse a connection pooler.
        progress: is told the server's notices.

    Raises:
        MoadbError: no connection, or a lock_timeout that PostgreSQL cannot read.
        Refused: see `guards.check_server`.
    """
    connection = connect(dsn, application_name="moadb deploy")
    try:
        guards.check_server(connection, allow_pooler=allow_pooler)
        settings = {
            "client_encoding": "UTF8",
            "timezone": "UTC",
            "lock_timeout": lock_timeout,
            "statement_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
            # routines may call one another in any order; `routines.check` looks at what was made once all of it is there
            "check_function_bodies": "off",
        }
        try:
            connection.execute("set client_connection_check_interval = '1s'")
            settings["client_connection_check_interval"] = "1s"
        except errors.InvalidParameterValue:
            pass  # the server's operating system cannot tell that a client is gone
        try:
            connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(lock_timeout)))
        except errors.InvalidParameterValue as error:
            raise Refused(
                f"lock timeout {lock_timeout!r}: {error.diag.message_primary}", hint="for example 2s"
            ) from None
        connection.execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
        yield Session(connection, dsn, settings, progress)
    finally:
        connection.close()


def holder(connection: Connection) -> Holder | None:
    """Return who holds this database's deploy lock."""
    row = connection.execute(
        """
        select l.pid, coalesce(nullif(a.application_name, ''), '?'),
               extract(epoch from clock_timestamp() - a.backend_start)::float8,
               coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200), '?')
        from pg_locks as l
        left join pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.classid::bigint = %s and l.objid::bigint = %s and l.objsubid = 2
          and l.database = (select d.oid from pg_database as d where d.datname = current_database())
        """,
        LOCK,
    ).fetchone()
    return None if row is None else Holder(row[0], row[1], row[2] or 0.0, row[3])


def take_lock(session: Session, *, wait: float) -> None:
    """Take the deploy lock; the session's end gives it back.

    Args:
        session: the session that is going to work.
        wait: how many seconds to wait for another deployer.

    Raises:
        Refused: somebody else still holds it.
    """
    deadline = time.monotonic() + wait
    told = 0
    while True:
        row = session.connection.execute("select pg_try_advisory_lock(%s, %s)", LOCK).fetchone()
        if row is not None and row[0]:
            return
        current = holder(session.connection)
        if time.monotonic() >= deadline:
            raise Refused(
                f"another deploy is at work: {current or 'it has just ended'}",
                hint=f"wait for it (--wait SECONDS), or end it: select pg_terminate_backend({current.pid})"
                if current
                else "try again",
            )
        if current is not None and current.pid != told:
            session.progress(Event("wait", text=f"waiting for another deploy: {current}"))
            told = current.pid
        time.sleep(_POLL)


def take_yoyo_lock(connection: Connection) -> None:
    """Put our row into yoyo's lock table, so that a plain `yoyo apply` waits for us.

    The row bears minus the server process id: a left-over of ours is known by that, and as we hold the deploy lock it is dead.

    Raises:
        Refused: a plain yoyo holds it.
    """
    row = connection.execute(
        """
        insert into moadb.yoyo_lock as l (locked, ctime, pid) values (1, timezone('UTC', clock_timestamp()), -pg_backend_pid())
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


def lost(error: psycopg.Error) -> bool:
    """Say whether an error means that the connection is gone."""
    return isinstance(error, psycopg.OperationalError) and error.sqlstate in (None, "57P01", "57P02", "57P03")
