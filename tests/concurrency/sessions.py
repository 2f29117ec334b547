"""Many sessions at once: real connections, one thread each, let loose together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")


def storm(
    dsn: str, sessions: int, work: Callable[[Connection, int], Result], role: str | None = "coupon_app"
) -> list[Result]:
    """Run `work(connection, n)` in `sessions` sessions at once and return the results by n.

    Every session is connected, and acts as `role` where one is given, before the first begins. What `work` raises is
    raised here.
    """
    start = threading.Barrier(sessions)

    def one(n: int) -> Result:
        with psycopg.connect(dsn, autocommit=True) as connection:
            if role is not None:
                connection.execute(f"set role {role}")
            start.wait()
            return work(connection, n)

    with ThreadPoolExecutor(sessions) as pool:
        return list(pool.map(one, range(sessions)))


def one(connection: Connection, query: str, *parameters: Any) -> Any:
    """Return the only value of the only row."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def violations(connection: Connection) -> list[Any]:
    """Return the invariants that do not hold."""
    return connection.execute(
        "select c.invariant, c.sample from platform.check_invariants() as c where c.violations > 0"
    ).fetchall()


def outcome(connection: Connection, query: str, *parameters: Any) -> str:
    """Run a query and return 'done' or the SQLSTATE of the refusal."""
    try:
        connection.execute(query, parameters)
    except psycopg.Error as error:
        return error.sqlstate or "no sqlstate"
    return "done"


def overtake(dsn: str, first: str, second: str, role: str | None = "coupon_app") -> str:
    """Return the outcome of `second`, which meets `first` in a transaction still open and must wait for its commit."""
    with psycopg.connect(dsn) as one_session, psycopg.connect(dsn, autocommit=True) as other:
        if role is not None:
            one_session.execute(f"set role {role}")
            other.execute(f"set role {role}")
        one_session.execute(first)
        with ThreadPoolExecutor(1) as pool, psycopg.connect(dsn, autocommit=True) as observer:
            result = pool.submit(outcome, other, second)
            await_lock(observer, other)
            one_session.commit()
            return result.result()


def await_lock(observer: Connection, other: Connection) -> None:
    """Return once `other`, which works in another thread, waits for a lock; AssertionError when it does not in 30 s."""
    waits = "select wait_event_type = 'Lock' from pg_stat_activity where pid = %s"
    deadline = time.monotonic() + 30
    while not one(observer, waits, other.info.backend_pid):
        assert time.monotonic() < deadline, "the other session does not wait"
